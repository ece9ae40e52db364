"""Spanish."""

from __future__ import annotations

NAME, SCRIPT = "Español", "Latn"

EMOTIONS = "enfado asco miedo alegría tristeza sorpresa neutral"

READERS = {"builtin": "el lector integrado", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "Una mirada de enfado",
    "disgust": "Una mueca de asco",
    "fear": "Una mirada de miedo",
    "happy": "Una sonrisa",
    "sad": "Una mirada triste",
    "surprise": "Una mirada de sorpresa",
    "": "Una expresión",
}

REASONS = {
    "alone": "«{emotion}» marca aquí {height:.2f} y alrededor {usual:.2f}.",
    "between": "Justo antes y justo después, la cara muestra «{other}» ({score:.2f} o más).",
    "brief": "Solo este momento de {sightings} muestra «{emotion}». {expression} dura más de {length_s:.1f} s.",
    "brief, moments": "Solo estos {moments} momentos de {sightings} muestran «{emotion}». "
    "{expression} dura más de {length_s:.1f} s.",
    "brief, raised": "Destaca solo un momento. {expression} dura más de {length_s:.1f} s.",
    "brief, raised, moments": "Destaca solo {moments} momentos. {expression} dura más de {length_s:.1f} s.",
    "second": "{Reader} dice «{other}» {score:.2f}.",
    "second, unanimous": "{Reader} dice «{other}» {score:.2f}; todas sus redes coinciden.",
    "members": "Las redes no coinciden: «{emotion}» {mean:.2f} ± {spread:.2f}.",
    "crops": "Si el recorte se mueve {shift_px} px, «{emotion}» desaparece.",
    "crops, partly": "Si el recorte se mueve {shift_px} px, «{emotion}» casi desaparece.",
    "frames": "Fotograma a fotograma, «{emotion}» dura solo {lasts_s:.2f} s.",
    "frames, one": "Fotograma a fotograma, «{emotion}» dura un fotograma como mucho.",
    "unreadable, small": "La cara mide {width_px} píxeles de ancho; poco se puede leer en ella.",
    "unreadable, tiny": "La cara mide {width_px} píxeles de ancho; nada se puede leer en ella.",
    "unreadable, blurred": "La cara está borrosa; poco se puede leer en ella.",
    "unreadable, small and blurred": "La cara mide {width_px} píxeles de ancho y está borrosa; "
    "nada se puede leer en ella.",
    "dark": "La cara está oscura: {light:.0f} de 255 niveles de gris de media.",
    "turned": "La cara está girada y no mira a la cámara.",
    "cut off": "El borde de la imagen corta la cara.",
    "at cut": "Está junto a un corte, donde dos imágenes pueden mezclarse.",
    "head down": "La cara mira hacia abajo; los ojos y las cejas bajos engañan.",
    "mouth moving": "La boca no deja de moverse: hablar o hacer muecas se lee fácilmente como «{emotion}».",
    "long surprise": "La sorpresa se muestra aquí durante {shown_s:.1f} s; una verdadera pasa en cerca de un segundo.",
    "mouth wide": "La sorpresa deja caer la mandíbula y estrecha la boca; esta es tan ancha como siempre.",
    "unsure": "El detector está menos seguro de esta cara: {confidence:.2f} en vez de {usual:.2f}.",
    "undecided": "Sin un ganador claro: «{emotion}» {height:.2f}, «{other}» {score:.2f}.",
    "undecided, alone": "«{emotion}» {height:.2f}: demasiado justo para decidir.",
    "faint": "«{emotion}» llega como mucho a {height:.2f}.",
    "together": "Nada por sí solo habla en contra, pero de 100 picos así {of_100:.0f} son falsos.",
}

TIERS = {
    "do not believe": "No lo crea: «{emotion}»",
    "look twice": "Mírelo dos veces: «{emotion}»",
    "": "sin dudas",
}

GROUPS = {
    "unreadable, small": "{faces} caras son aquí demasiado pequeñas para leerlas, {peaks} picos",
    "unreadable, small, one face": "Esta cara es demasiado pequeña para leerla, {peaks} picos",
    "unreadable, blurred": "{faces} caras están aquí demasiado borrosas para leerlas, {peaks} picos",
    "unreadable, blurred, one face": "Esta cara está demasiado borrosa para leerla, {peaks} picos",
    "unreadable": "{faces} caras son aquí demasiado pequeñas o borrosas para leerlas, {peaks} picos",
    "unreadable, one face": "Esta cara es demasiado pequeña y borrosa para leerla, {peaks} picos",
    "dark": "{faces} caras están aquí a oscuras, {peaks} picos",
    "dark, one face": "Esta cara está a oscuras, {peaks} picos",
    "turned": "{faces} caras no miran aquí a la cámara, {peaks} picos",
    "turned, one face": "Esta cara no mira a la cámara, {peaks} picos",
    "cut off": "El borde de la imagen corta {faces} caras, {peaks} picos",
    "cut off, one face": "El borde de la imagen corta esta cara, {peaks} picos",
    "at cut": "{faces} caras están junto a un corte, {peaks} picos",
    "at cut, one face": "Esta cara está junto a un corte, {peaks} picos",
    "unsure": "El detector no está seguro de {faces} caras aquí, {peaks} picos",
    "unsure, one face": "El detector no está seguro de esta cara, {peaks} picos",
    "": "{faces} caras son aquí dudosas por una misma razón, {peaks} picos",
    "one face": "{peaks} picos de esta cara, «{emotion}», son dudosos por una misma razón",
}
