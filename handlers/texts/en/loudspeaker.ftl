# What is read at the ward's loudspeakers, by whoever is there. Numbers stand in words. See `handlers/warnings/loudspeaker.py`.

speaker-title = To be read at the loudspeaker
speaker-reading = Read slowly and clearly, about { $seconds } seconds ({ $syllables } syllables). Pause after each paragraph.
speaker-reading-long = Read slowly and clearly, about { $seconds } seconds ({ $syllables } syllables): longer than 90 seconds, shorten the words.
speaker-about = Code { $code }, { $day }. Valid until { $expires }: not to be read after that day.
speaker-opening = Neighbours, this is an announcement of the ward police{ $ward }.
speaker-opening-correction = Neighbours, this is a correction by the ward police{ $ward }. It replaces the warning of { $day }.
speaker-warning = Warning: { $headline }
speaker-correction = Correction: { $headline }
speaker-thanks = What your tips did: { $headline }
speaker-one = There is one thing to do. { $line }
speaker-first = First: { $line }
speaker-second = Second: { $line }
speaker-third = Third: { $line }
speaker-source = This is known from { $source }.
speaker-until = This holds until the end of { $day }.
speaker-again = Once more.
speaker-duty = Questions? Call the duty desk, { $number }.
speaker-number-again = The number of the duty desk again: { $number }.
speaker-differs = If you hear it otherwise anywhere, call the duty desk and ask.
speaker-danger = In danger right now, call one one three.
speaker-closing = Thank you.
