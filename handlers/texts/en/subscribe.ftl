# Warnings in one's own chat.

subscribe-start = Warnings of the ward police are sent to this chat, in Vietnamese: mostly once a week at most, urgent ones at any time. The desk sees how many people get them, and not who.
subscribe-comes = You may leave at any time, with one tap.
subscribe-web = This page does not call you: they are there when it is opened again on this device. A quick exit ends it.
subscribe-windowed = Zalo lets us write only for some days after you last wrote here; after that a warning waits until you write again.
subscribe-where = For which place?
subscribe-themes = Which kinds? Choose one after the other, or all.
subscribe-more-themes = Chosen: { $what }. Choose more, or press That is enough.
subscribe-done = From now on warnings come here: { $area }; { $what }. To end it, press Stop warnings, or type "stop warnings".
subscribe-now = Warnings come here: { $area }; { $what }.
subscribe-later = A tip is being written. Send it or drop it first, then type "get warnings".
subscribe-offer = To get your neighbourhood's warnings here, press Get warnings.
subscribe-ward = the whole ward
subscribe-everything = all kinds
unsubscribed = No more warnings come here. To get them again, type "get warnings".

button-subscribe = Get warnings
button-unsubscribe = Stop warnings
button-subscribe-change = Another place or kind
button-subscribe-done = That is enough
button-all-themes = All of them
button-whole-ward = The whole ward
command-canhbao = Get or stop warnings
