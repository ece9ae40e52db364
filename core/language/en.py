"""English."""

from __future__ import annotations

NAME, SCRIPT = "English", "Latn"

EMOTIONS = "angry disgust fear happy sad surprise neutral"

READERS = {"builtin": "the built-in reader", "deepface": "DeepFace"}

EXPRESSIONS = {
    "angry": "An angry look",
    "disgust": "A look of disgust",
    "fear": "A look of fear",
    "happy": "A smile",
    "sad": "A sad look",
    "surprise": "A look of surprise",
    "": "An expression",
}

REASONS = {
    "alone": "{Emotion} stands at {height:.2f} here and at {usual:.2f} around it.",
    "between": "Just before it and just after it the face shows {other} ({score:.2f} or more).",
    "brief": "Only this one moment of {sightings} says {emotion}. {expression} lasts longer than {length_s:.1f} s.",
    "brief, moments": "Only these {moments} moments of {sightings} say {emotion}. "
    "{expression} lasts longer than {length_s:.1f} s.",
    "brief, raised": "It stands out for one moment only. {expression} lasts longer than {length_s:.1f} s.",
    "brief, raised, moments": "It stands out for {moments} moments only. "
    "{expression} lasts longer than {length_s:.1f} s.",
    "second": "{Reader} says {other} {score:.2f}.",
    "second, unanimous": "{Reader} says {other} {score:.2f}; all of its networks agree.",
    "members": "The networks disagree: {emotion} {mean:.2f} ± {spread:.2f}.",
    "crops": "When the crop moves by {shift_px} px, {emotion} is gone.",
    "crops, partly": "When the crop moves by {shift_px} px, {emotion} is mostly gone.",
    "frames": "Read frame by frame, {emotion} lasts {lasts_s:.2f} s.",
    "frames, one": "Read frame by frame, {emotion} is there for one frame at most.",
    "unreadable, small": "The face is {width_px} pixels wide; little can be read from it.",
    "unreadable, tiny": "The face is {width_px} pixels wide; nothing can be read from it.",
    "unreadable, blurred": "The face is blurred; little can be read from it.",
    "unreadable, small and blurred": "The face is {width_px} pixels wide and blurred; nothing can be read from it.",
    "dark": "The face is dark: {light:.0f} of 255 grey levels on average.",
    "turned": "The face is turned away from the camera.",
    "cut off": "The picture’s edge cuts the face off.",
    "at cut": "It is right next to a cut, where two pictures may be mixed.",
    "head down": "The face looks down; lowered eyes and brows mislead a reader.",
    "mouth moving": "The mouth keeps moving: speech and grimaces are easily read as {emotion}.",
    "long surprise": "Surprise is shown for {shown_s:.1f} s here; a real one is over after about a second.",
    "mouth wide": "Surprise lets the jaw drop and narrows the mouth; this mouth is as wide as usual.",
    "unsure": "The finder is less sure of this face: {confidence:.2f} instead of {usual:.2f}.",
    "undecided": "No clear winner: {emotion} {height:.2f}, {other} {score:.2f}.",
    "undecided, alone": "{Emotion} {height:.2f}: too close to call.",
    "faint": "{Emotion} reaches {height:.2f} at most.",
    "together": "No one thing speaks against it, but of 100 such peaks {of_100:.0f} were false.",
}

TIERS = {
    "do not believe": "Do not believe this {emotion}",
    "look twice": "Look twice at this {emotion}",
    "": "no doubt found",
}

GROUPS = {
    "unreadable, small": "{faces} faces here are too small to read, {peaks} peaks",
    "unreadable, small, one face": "This face is too small to read, {peaks} peaks",
    "unreadable, blurred": "{faces} faces here are too blurred to read, {peaks} peaks",
    "unreadable, blurred, one face": "This face is too blurred to read, {peaks} peaks",
    "unreadable": "{faces} faces here are too small or too blurred to read, {peaks} peaks",
    "unreadable, one face": "This face is too small and too blurred to read, {peaks} peaks",
    "dark": "{faces} faces here are in the dark, {peaks} peaks",
    "dark, one face": "This face is in the dark, {peaks} peaks",
    "turned": "{faces} faces here are turned away, {peaks} peaks",
    "turned, one face": "This face is turned away, {peaks} peaks",
    "cut off": "The picture’s edge cuts {faces} faces off, {peaks} peaks",
    "cut off, one face": "The picture’s edge cuts this face off, {peaks} peaks",
    "at cut": "{faces} faces lie right next to a cut, {peaks} peaks",
    "at cut, one face": "This face lies right next to a cut, {peaks} peaks",
    "unsure": "The finder is not sure of {faces} faces here, {peaks} peaks",
    "unsure, one face": "The finder is not sure of this face, {peaks} peaks",
    "": "{faces} faces here are doubted for one reason, {peaks} peaks",
    "one face": "{peaks} peaks of this face, {emotion}, are doubted for one reason",
}
