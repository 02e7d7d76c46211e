# Leaders of neighbourhoods: at the desk, on their own pages, in their own chat.

role-leader = neighbourhood leader
how-link = by a one-time link

# Their own chat.
lead-linked = This chat is linked for the leader { $name }. Whenever the ward warns, picture and words come here, to be passed on to the neighbourhood's group. Press “Posted” when that is done.
lead-ended = This chat gets no warnings for leaders any more. Old buttons do nothing. What you write here from now on is written as a resident.
lead-not-here = This code is for Zalo or Telegram. On the web page a leader signs in by a link of their own.
lead-help =
    This chat is for a neighbourhood's leader.
    Type “posted” or “not posted” to say how it went.
    Type “list” to see what is still to be posted.
    Type “ask for a warning” to have the ward warn your neighbourhood.
    To report for a neighbour: { $page }
lead-only = This chat brings warnings and takes your word that they were posted. What you wrote was not kept and did not reach duty. To report for a neighbour: { $page }. In a hurry, call 113.
lead-danger = What you wrote did not reach duty: this chat is for warnings only. Call the numbers above now. To report for a neighbour: { $page }
lead-danger-line = 🔴 If somebody is in danger right now, call 113 first.
lead-no-kit = No warning waits to be posted.
lead-which = There are several warnings. Choose one:
lead-noted-not-posted = Noted: “{ $headline }” could not be posted yet. The ward will call you. Once it is posted, press “Posted”.
lead-remind = The warning “{ $headline }” ({ $code }) came 2 hours ago, and nothing was said about it since. Was it posted in the neighbourhood's group?
lead-state-posted = The leader said at { $time }, { $date } that it was posted
lead-state-not_posted = The leader could not post it yet
lead-state-open = Waits for the leader to post it
lead-state-over = Not to be posted any more
lead-list = To be posted in the neighbourhood's group:
lead-list-none = No warning waits to be posted.
lead-own = Asked for:
lead-own-draft = being written
lead-own-proposed = waits for the commander's word
lead-own-declined = handed back to be changed
lead-own-released = released
lead-own-sending = released, on its way
lead-own-paused = released, paused
lead-own-done = released and sent
lead-own-cancelled = stopped
lead-own-expired = expired
lead-own-why = Why: { $why }
lead-button-posted = Posted
lead-button-not-posted = Could not post it
lead-button-list = List
lead-button-new = Ask for a warning
lead-button-stop = Stop
lead-button-send = Send for release
lead-button-again = Write anew
lead-button-all-areas = All my neighbourhoods
lead-no-own-area = You are not written down as leading any neighbourhood. Ask the ward police.
lead-ask-area = For which neighbourhood?
lead-ask-theme = What is it about?
lead-ask-headline = The first line, at most 7 words. For instance: Callers pretend to be police
lead-ask-body = What is happening? A few short sentences; no names, no phone numbers, plates or house numbers.
lead-ask-lines = What should people do? One thing a line, at most 3.
lead-choose = Choose one of the lines below.
lead-preview = This is what people will read. It gets its code when it is released.
lead-proposed = Sent to the commander on duty at { $time }: “{ $headline }”. Nobody has received it yet. Type “list” to see how far it is.
lead-told-released = “{ $headline }” ({ $code }) was released at { $time }. It is going out.
lead-told-released-later = “{ $headline }” ({ $code }) was released at { $time }. It goes out at { $when }.
lead-told-declined =
    “{ $headline }” was handed back, to be mended: { $why }
    Mend it and send it again at { $page }.
lead-stopped = Dropped; nothing was sent.
lead-nothing-written = There is nothing to send yet.

# A card to whoever may release.
ring-proposed = The leader { $name } asks for a warning
ring-proposed-urgent = 🔴 The leader { $name } asks for an urgent warning
alarm-why-proposed = a leader asks for a warning
ring-proposed-again = The warning of the leader { $name } has waited for 30 minutes

# The leader's own pages.
lead-title = Warnings to post
lead-write-title = Ask for a warning
lead-bring-title = Report for a neighbour
lead-nav-post = To post
lead-nav-write = Ask
lead-nav-bring = Report
lead-none = No warning waits to be posted. The ward police send the next one here.
lead-kit-how = Save the picture, copy the words, send both to the neighbourhood's group, then press Posted.
lead-picture = Picture of the warning: { $headline }
lead-picture-save = Save the picture
lead-kit-urgent = Urgent
lead-kit-until = Expires { $date }
lead-copy = Copy the words
lead-copied = Copied
lead-share = Share
lead-text-shut = These words do not open. Call the duty number.
lead-earlier = Earlier ones
lead-text = Read it again
lead-own-title = Warnings you asked for
lead-mend = Change and send again
lead-sent-now = Sent to the commander on duty. Nobody has received it yet.
lead-phone-title = On Zalo or Telegram
lead-phone-linked = They come to your { $channel }.
lead-phone-intro = With your messenger linked, a warning reaches you at once, without opening this page.
lead-phone-make = Get a linking code
lead-phone-type = Send this code to the ward police in your messenger, before { $time }:
lead-phone-here = Or press this link on that very phone:
lead-areas-mine = Your neighbourhoods: { $areas }
lead-area = For
lead-theme = About
lead-headline = First line
lead-headline-help = At most 7 words. For instance: Callers pretend to be police
lead-body = What is happening
lead-body-help = A few short sentences. No names, no phone numbers, plates or house numbers.
lead-line = Thing { $number } for people to do
lead-see = Preview
lead-write-intro = A warning carries the police's name, so the commander on duty releases it before it goes.
lead-write-declined = The commander handed it back: { $why }
lead-write-gone = This warning cannot be changed any more.
lead-bring-intro = Tell what your neighbour told. You get a receipt code: give it to them. After that this page cannot show the tip again.
lead-bring-words = What happened
lead-bring-words-help = Write what was seen. Where it was hearsay, say so.
lead-bring-place = Where
lead-bring-urgent = Is it urgent
lead-bring-urgent-no = Not urgent
lead-bring-urgent-ring = Urgent, ring duty now
lead-bring-callback = Your neighbour's number for a call back
lead-bring-callback-help = Only if they want to be called. Only the officer who takes the tip sees it.
lead-bring-button = Send the tip
lead-slip-title = The tip was received
lead-slip-give = Give this code to your neighbour now. It is shown once.
lead-slip-again = This tip was sent before, and its code was shown once. Who has lost the code calls the duty number.
lead-slip-message = Receipt code: { $code }. How far it is: { $look_up }. Keep this code to yourself.
lead-slip-done = Done
lead-in-title = To the leader's page
lead-in-intro = This link works once. Press the button to come in; this device remembers you for 30 days.
lead-in-own = Press it on your own phone only. The page holds the neighbourhood's warnings and nobody's tips.
lead-in-button = To the leader's page
lead-out-button = Sign out here
leader-link-over = This link was used already, or is older than 24 hours. Ask the ward police for a new one.

# At the desk.
leaders-title = Leaders
leaders-intro = Who gets warnings to post in the neighbourhood's group. Leaders read nobody's tips.
leaders-none-yet = There is no leader yet.
leaders-by-area = By neighbourhood
leaders-area-none = no leader yet
leaders-people = One by one
leaders-channel-none = no Zalo or Telegram linked
leaders-link-waits = Link not used yet, until { $time }
leaders-phone-none = no phone number
leaders-phones-show = Show phone numbers
leaders-phones-help = Each time it stands in the journal.
leaders-key = Link, linking code
leaders-key-help = The sign-in link works once, within 24 hours. The linking code is typed in Zalo or Telegram, within 10 minutes.
leaders-link-make = Make a sign-in link
leaders-code-make = Make a linking code
leaders-change = Change neighbourhoods, phone
leaders-phone-keep = Left empty, the number stays as it is.
leaders-phone-drop = Delete the number
leaders-lost = Phone lost
leaders-lost-help = Ends every sign-in, unlinks Zalo and Telegram, and cancels an unused link. Make a new link for the leader afterwards.
leaders-lost-button = End everywhere
leaders-lost-done = Ended everywhere.
leaders-close = No longer a leader
leaders-close-help = They cannot come in and get no warnings any more. What they said stays.
leaders-closed = No longer leaders
leaders-reopen = Take back
leaders-add-title = Add a leader
leaders-add-button = Add the leader
leaders-areas = Neighbourhoods
leaders-phone = Phone number
leaders-phone-help = To call when a warning cannot reach them. Shown only here and on Leaders to call.
leaders-no-areas-yet = The ward has no neighbourhoods in its list yet.
leaders-steps = Lately changed
leader-no-area = Choose at least one neighbourhood.
leader-no-password = A leader has no password. Make a new sign-in link.
leader-gone = There is no such leader.
leader-not-to-call = This leader does not have to be called any more.
leader-key-title = Let the leader { $name } in
leader-key-once = Shown once. When you leave this page it cannot be read again, only made anew.
leader-key-link = Sign-in link, works once, until { $time }
leader-key-link-help = Send it to the leader alone. Whoever opens it first and presses the button comes in.
leader-key-link-help-qr = Send it to the leader alone, or let them scan this. Whoever opens it first and presses the button comes in.
leader-key-copy = Copy the link
leader-key-code = Linking code, until { $time }
leader-key-code-help = The leader opens Zalo or Telegram of the ward police and sends this code.
leader-key-back = List of leaders
calls-title = Leaders to call
calls-waiting =
    { $count ->
        [one] { $count } leader to call
       *[other] { $count } leaders to call
    }
calls-intro = A warning did not reach them, they were reminded in vain, or said that they could not post it. Call, then note what the leader said.
calls-none = Nobody has to be called.
calls-why-to_call = No messenger reaches them
calls-why-parked = Zalo does not let us write yet
calls-why-failed = It could not be sent
calls-why-sent = Reminded, no word since
calls-why-not_posted = Said that it could not be posted
calls-why-silent = No word a day after the reminder
calls-phone-show = See the phone number
calls-posted = The leader says it was posted
calls-not-posted = The leader says it could not be posted

step-leader-added = Leader { $name } added
step-leader-changed = Neighbourhoods or phone of leader { $name } changed
step-leader-closed = { $name } is no longer a leader
step-leader-reopened = { $name } is a leader again
step-leader-signed-out = Every sign-in of leader { $name } ended
step-leader-link-made = Sign-in link made for leader { $name }
step-leader-code-made = Linking code made for leader { $name }
step-leader-posted = Leader { $name } said that a warning was posted
step-leader-not-posted = Leader { $name } said that a warning could not be posted
step-leader-silent = Leader { $name } said nothing about a warning
history-leader-phones-seen = Phone numbers of leaders were shown
