# What goes along with a warning: to a neighbourhood's leader, and to whoever subscribed.

kit-forward = Please forward this picture and message to your neighbourhood group, then press one of the buttons.
kit-unsubscribe = Stop these
