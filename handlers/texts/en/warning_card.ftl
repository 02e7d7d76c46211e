# What stands on a warning's picture around the words that somebody wrote. See `handlers/warnings/face.py`.

warning-card-warning = WARNING
warning-card-correction = CORRECTION
warning-card-thanks = WHAT YOUR TIPS DID
warning-card-ward = Ward police{ $ward }
warning-card-corrects = Replaces warning { $code } of { $day }
warning-card-danger = In danger right now: call 113
warning-card-duty = Duty desk
warning-card-expires = Valid until { $day }
warning-card-check = Check: { $address }

# The foot of what is posted where a ward has no duty number yet, or nobody said how the house is reached.
posted-foot-danger = Danger right now: call 113.
posted-check-by-code = To see the true words, send the code { $code } to the ward police.
