# The gong: what a warning says around the words that somebody wrote, word for word as it is posted.

posted-warning = WARNING: { $headline }
posted-correction = CORRECTION of the warning { $code } of { $day }: { $headline }
posted-thanks = WHAT YOUR TIPS DID: { $headline }
posted-source = Ward police{ $ward }
posted-foot = Questions: call the duty officer, { $duty_phone }. Danger right now: call 113.
posted-dates = Source: { $source }, { $day }. Valid until { $expires }.
posted-check = To see the true words, send the code { $code } to the ward police, or open { $address }.

theme-fraud = Fraud
theme-theft = Theft, robbery
theme-drugs = Drugs
theme-credit = Loan sharks
theme-gambling = Gambling
theme-violence = Fights, violence
theme-children = Children
theme-fire = Fire, explosion
theme-fireworks = Fireworks, weapons
theme-traffic = Traffic
theme-campaign = Campaigns, holidays
theme-general = General

warning-no-headline = It needs a headline of at most 7 words.
warning-long-headline = The headline has more than 7 words: nobody reads it from afar.
warning-no-body = Say what is happening, in a few short sentences.
warning-no-lines = It needs at least one thing to do.
warning-many-lines = At most 3 things to do.
warning-too-long = More than 120 words: people do not read to the end, and the loudspeaker has no time for it.
warning-no-theme = Choose a theme.

# What keeps a warning from its next step.
warning-gone = There is no such warning.
warning-not-yours = Only who wrote it may do this.
warning-not-yours-to-release = Only the commander on duty or the chief may release.
warning-second-person = Nobody releases what they wrote. A second person is needed.
warning-life-chief = Only the chief may send alone, when somebody's life is in danger.
warning-released-already = This warning has been released already.
warning-not-released = This warning was not sent, so there is nothing to put right.
warning-not-proposed = This warning does not wait for release any more.
warning-not-running = This warning is not being sent any more.
warning-nothing-to-approve = There is nothing to approve.
warning-decided = Somebody has decided already.
warning-expired = It has run out. Choose a later end.
warning-why = Say why it goes back, so that the writer knows what to change.
warning-stopped = Something in it may not be sent. Change it, or choose a legal ground and say why.
warning-not-your-area = You may write only to your own neighbourhoods.
warning-no-area = One of the neighbourhoods is not on the list any more. Choose again.
warning-nobody = Choose at least one way.
warning-too-far = It may begin in 60 days at the latest and last 180 days at most.
