"""French."""

from __future__ import annotations

NAME, SCRIPT = "Français", "Latn"

EMOTIONS = "colère dégoût peur joie tristesse surprise neutre"

READERS = {"builtin": "le lecteur intégré", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "Un regard de colère",
    "disgust": "Une moue de dégoût",
    "fear": "Un regard de peur",
    "happy": "Un sourire",
    "sad": "Un regard triste",
    "surprise": "Un regard de surprise",
    "": "Une expression",
}

REASONS = {
    "alone": "« {emotion} » vaut ici {height:.2f} et autour {usual:.2f}.",
    "between": "Juste avant et juste après, le visage montre « {other} » ({score:.2f} ou plus).",
    "brief": "Seul ce moment sur {sightings} montre « {emotion} ». {expression} dure plus de {length_s:.1f} s.",
    "brief, moments": "Seuls ces {moments} moments sur {sightings} montrent « {emotion} ». "
    "{expression} dure plus de {length_s:.1f} s.",
    "brief, raised": "Elle ne ressort qu’un seul moment. {expression} dure plus de {length_s:.1f} s.",
    "brief, raised, moments": "Elle ne ressort que {moments} moments. {expression} dure plus de {length_s:.1f} s.",
    "second": "{Reader} dit « {other} » {score:.2f}.",
    "second, unanimous": "{Reader} dit « {other} » {score:.2f} ; tous ses réseaux sont d’accord.",
    "members": "Les réseaux ne sont pas d’accord : « {emotion} » {mean:.2f} ± {spread:.2f}.",
    "crops": "Quand le cadrage bouge de {shift_px} px, « {emotion} » disparaît.",
    "crops, partly": "Quand le cadrage bouge de {shift_px} px, « {emotion} » disparaît presque.",
    "frames": "Image par image, « {emotion} » ne dure que {lasts_s:.2f} s.",
    "frames, one": "Image par image, « {emotion} » dure une image au plus.",
    "unreadable, small": "Le visage fait {width_px} pixels de large ; on y lit peu de chose.",
    "unreadable, tiny": "Le visage fait {width_px} pixels de large ; on n’y lit rien.",
    "unreadable, blurred": "Le visage est flou ; on y lit peu de chose.",
    "unreadable, small and blurred": "Le visage fait {width_px} pixels de large et il est flou ; on n’y lit rien.",
    "dark": "Le visage est sombre : {light:.0f} niveaux de gris sur 255 en moyenne.",
    "turned": "Le visage n’est pas tourné vers la caméra.",
    "cut off": "Le bord de l’image coupe le visage.",
    "at cut": "C’est juste à côté d’une coupe, où deux images peuvent se mêler.",
    "head down": "Le visage est tourné vers le bas ; des yeux et des sourcils baissés trompent.",
    "mouth moving": "La bouche ne cesse de bouger : parler ou grimacer se lit facilement comme « {emotion} ».",
    "long surprise": "La surprise se montre ici pendant {shown_s:.1f} s ; une vraie passe en une seconde environ.",
    "mouth wide": "La surprise fait tomber la mâchoire et resserre la bouche ; celle-ci est large comme toujours.",
    "unsure": "La détection est moins sûre de ce visage : {confidence:.2f} au lieu de {usual:.2f}.",
    "undecided": "Pas de gagnant net : « {emotion} » {height:.2f}, « {other} » {score:.2f}.",
    "undecided, alone": "« {emotion} » {height:.2f} : trop serré pour trancher.",
    "faint": "« {emotion} » atteint au plus {height:.2f}.",
    "together": "Rien à lui seul ne s’y oppose, mais sur 100 pics pareils, {of_100:.0f} sont faux.",
}

TIERS = {
    "do not believe": "À ne pas croire : « {emotion} »",
    "look twice": "À regarder deux fois : « {emotion} »",
    "": "aucun doute trouvé",
}

GROUPS = {
    "unreadable, small": "{faces} visages sont ici trop petits pour être lus, {peaks} pics",
    "unreadable, small, one face": "Ce visage est trop petit pour être lu, {peaks} pics",
    "unreadable, blurred": "{faces} visages sont ici trop flous pour être lus, {peaks} pics",
    "unreadable, blurred, one face": "Ce visage est trop flou pour être lu, {peaks} pics",
    "unreadable": "{faces} visages sont ici trop petits ou trop flous pour être lus, {peaks} pics",
    "unreadable, one face": "Ce visage est trop petit et trop flou pour être lu, {peaks} pics",
    "dark": "{faces} visages sont ici dans l’ombre, {peaks} pics",
    "dark, one face": "Ce visage est dans l’ombre, {peaks} pics",
    "turned": "{faces} visages sont ici détournés, {peaks} pics",
    "turned, one face": "Ce visage est détourné, {peaks} pics",
    "cut off": "Le bord de l’image coupe {faces} visages, {peaks} pics",
    "cut off, one face": "Le bord de l’image coupe ce visage, {peaks} pics",
    "at cut": "{faces} visages sont juste à côté d’une coupe, {peaks} pics",
    "at cut, one face": "Ce visage est juste à côté d’une coupe, {peaks} pics",
    "unsure": "La détection n’est pas sûre de {faces} visages ici, {peaks} pics",
    "unsure, one face": "La détection n’est pas sûre de ce visage, {peaks} pics",
    "": "{faces} visages sont ici douteux pour la même raison, {peaks} pics",
    "one face": "{peaks} pics de ce visage, « {emotion} », sont douteux pour la même raison",
}
