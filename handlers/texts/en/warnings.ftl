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
