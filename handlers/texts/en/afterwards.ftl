knock = There is an update. Type "xem" when it suits you.
button-see = See
accepted = The duty officer read it at { $time }.
safe-ask = Does anybody else use this phone?
button-alone = Only me
button-shared = Others see it too
safe-alone = Noted: only you use this phone.
safe-shared = Then the ward police will not write first. When it suits you, type "xem". Best delete this chat after reading.
receipt-shared =
    Received at { $time } on { $date }. Thank you.

    Tip code: { $code }

    The duty officer will read it and enter it in the book. The ward police will not write first; type "xem" when it suits you. If you remember more, just write.

    Keep this code to yourself: whoever has it can see where the tip stands. Best delete this chat after reading.
receipt-blocked = Many tips from this chat need a second look, so until { $date } what is sent here is kept apart. It is stored and read all the same, only later.
review-hidden = noted, { $count } words
review-press = Only Send brings it to the duty desk.
button-show-story = Show it
category-all = These are all kinds. If none fits, choose Something else.
button-all-categories = All kinds
button-neighbourhoods = Choose the neighbourhood
neighbourhood-ask = Which neighbourhood was it in?
button-more = More
spot-ask = Is this about { $place }?
button-spot-yes = Yes, here
button-spot-no = Somewhere else
place-ask-after = Where did it happen? Send a position, or type the house number, alley, neighbourhood. Only the street is fine too.
place-ask-after-typed = Where did it happen? Please type the house number, alley, neighbourhood. Only the street is fine too.
after-few = Your tip has reached the duty desk. A few questions help the officer understand; skip what does not suit you.
after-noted = Added to your tip.
after-done = That is all. If you remember more, just write.
button-enough = Enough
ready = All right. If something happened, just write.
remind = Your tip is not sent yet, so it has not reached the duty desk. Send now brings it there. In danger, call 113.
same-words = This came several times, and the line pauses its answers. What you told is still here. Please write something else; if urgent, call 113.
draft-open = There is a tip that is not sent yet. Send it first, or leave it there and report something else?
button-send-this = Send that one
button-lay-aside = Leave it, tell another
aside-full = One tip is waiting already. Please send or cancel this one first.
aside-waits = There is still the tip you began before. Go on with it?
button-take-up = Go on with it
button-drop-aside = Drop it
retracted = Taken out of the tip you are writing.
retracted-too-late = Tip { $code_tail } is sent, so it stays in the book. To correct it, write what is right.
retracted-nothing = That message is not in the tip you are writing, so there is nothing to take back. What was sent in a tip stays in the book.
review-old = This review is old; please see the newer one below.
not-a-place = This could not be read here. Please type the street or the neighbourhood.
not-a-choice = This could not be read here. Please press one of the buttons below.
no-such-number = That number is not among the choices. Please press a button, or write words.
not-understood-3 = The machine reads words, photos, files, voice and places. If that is hard, press one of the buttons below. Urgent: call 113.
not-understood-3-typed = This channel carries words, photos and voice only. If that is hard, type one of the lines below. Urgent: call 113.
withheld = Zalo did not hand over what you sent: maybe a video, a file, a position, or a message that Zalo keeps back. Please type a few words, or send a photo or your voice. Urgent: call 113.
withheld-web = Zalo did not hand over what you sent: maybe a video, a file, a position, or a message that Zalo keeps back. Please type a few words, or send it at { $address }. Urgent: call 113.
choose-number = Type a number to choose:
choose-words = Or type:
file-at-web = A photo or paper goes with this. See it at { $address }/tra-cuu with your tip code.
file-at-desk = A photo or paper goes with this, and this channel cannot carry it. Please write back here how you would like to see it.
name-again-2 = No name was found. Without a name is fine too; the tip is entered all the same.
name-again-3 = No name is written down. One of the buttons below ends this; a name can be given later too.
callback-again-2 = No phone number was found. It is fine not to be called.
callback-again-3 = No number is written down. One of the buttons below ends this. Urgent: call 113.
noted-photo-short = { $count } photos received.
noted-file-short = One more file received.
too-many-photos-sent = There are enough photos in this tip. For more, press Report something else.
noted-voice-short = One more voice note received, the duty officer will listen to it.

lookup-state-closed = Tip { $code_tail } was closed at { $time }.
lookup-state-entered = The officer on duty has read tip { $code_tail } and entered it. Number in the book: { $number }.
lookup-state-checking = Tip { $code_tail } is being checked. If you see something new, just write.
lookup-state-transferred = Tip { $code_tail } was passed on to be settled. Once a result comes back, the ward police will tell you.
lookup-too-many-chat = Several codes were wrong, so no more are looked up for now. Please try again in an hour. If something new has happened, just write it here.
tip-chosen = From now on what you write here is added to tip { $code_tail }.
button-add-to = Add to tip { $code_tail }
button-more-wishes = More about this tip
more-wishes = What do you need?
button-complain = Complain
button-threatened = I feel threatened
button-my-data = My data
question-asked =
    The duty officer asks about tip { $code_tail }:
    "{ $question }"

    Words, voice or photos are all fine. If you do not know or it does not suit you, press Skip; the tip goes on.
    If you fear an impostor, call the duty desk { $duty_phone } and read out the last four characters of your code.
question-answered = Your answer is in tip { $code_tail }. Thank you.
question-skipped = No problem, tip { $code_tail } goes on.
status-entered = The officer on duty has read tip { $code_tail } and entered it at { $time }. Number in the book: { $number }.
status-checking = Tip { $code_tail } is being checked. Details cannot be told here; thank you for understanding. If you see something new, just write.
status-transferred = On { $date }, tip { $code_tail } was passed to { $agency } to be settled. By law this usually takes 20 days from when they receive it; hard cases may take longer. Once a result comes back, the ward police will tell you.
status-elsewhere = The matter in tip { $code_tail } is settled by { $agency }: { $contact }. The ward police passed it on on { $date }.
status-kept = The ward police have read and noted tip { $code_tail }, but there is not enough to check it. If you remember a place, an hour or a plate, please write again.
status-sorted = Tip { $code_tail } has been sorted and given to an officer. If you see something new, just write.
status-urgent = Tip { $code_tail } was marked urgent at { $time }. If there is still danger, call 113, do not wait here.
status-acknowledged = On { $date }, { $agency } took on tip { $code_tail } to settle it. By law this usually takes 20 days; hard cases may take longer. Once a result comes back, you will be told here.
status-prolonged = Those who are settling tip { $code_tail } need more time. By law usually no more than 2 months from when they received it. Once a result comes back, you will be told here.
status-extended = Those who are settling tip { $code_tail } were given more time by the procuracy, 2 months more at most. Once a result comes back, you will be told here.
status-suspended = From { $date }, work on tip { $code_tail } is paused, waiting for { $awaited }. When it goes on, you will be told here.
awaited-expertise = an expert's findings
awaited-value = the value of goods to be set
awaited-papers = papers from another office
awaited-abroad = an answer from abroad
awaited-disaster = the end of a disaster or an epidemic
status-resumed = From { $date }, tip { $code_tail } is being settled again. By law within 1 month. Once a result comes back, you will be told here.
status-settled = Those who settled tip { $code_tail } had a result on { $date }. What was done will be told here.
status-administrative = The matter in tip { $code_tail } is being handled as an administrative matter. Once it is done, you will be told here what was done, and when.
status-kept-double = The ward police have read and noted tip { $code_tail }. If you remember a place, an hour or a plate, please write again.
status-reopened = Tip { $code_tail } has been opened again and is being looked at. If you see something new, just write.
told-by-desk =
    The ward police write about tip { $code_tail }:
    "{ $text }"
closed-by-desk = { $done }, on { $date }, { $unit }. Thank you for reporting. If you disagree, press Complain: it goes to the chief, past the officer who handled it.
closed-by-desk-chief = { $done }, on { $date }, { $unit }. Thank you for reporting. If you disagree, press Complain.
rating-ask = How was the answer? You need not press anything.
button-rate-1 = 1 · Very poor
button-rate-2 = 2 · Poor
button-rate-3 = 3 · Fair
button-rate-4 = 4 · Good
button-rate-5 = 5 · Very good
rating-noted = Noted, thank you.
rating-over = This rating can no longer be taken. If something happened, just write.
complain-no-tip = This chat has sent no tip to complain about. If you have a code, type it here first.
complain-ask = What do you disagree with in tip { $code_tail }? It goes to the chief, past the officer who handled it.
complain-ask-chief = What do you disagree with in tip { $code_tail }? The chief worked on it, and this goes to the chief too. To have others look at it, please write to the city or provincial police.
complain-ask-chief-at = What do you disagree with in tip { $code_tail }? The chief worked on it, and this goes to the chief too. To have others look at it, please write straight to: { $address }
complain-ask-chief-or-superior = What do you disagree with in tip { $code_tail }? The chief worked on it, and this goes to the chief too. To have the superior police read it instead, press the button below and tell it again.
complain-noted = Your complaint has gone to the chief. Once there is an answer, type "xem" to read it here.
complain-file = This has gone to the chief with your complaint. To add more, speak, write or send photos. When done, press Enough.
complain-file-more = Passed on to the chief as well. When done, press Enough.
complain-words-only = A complaint goes straight to the chief, so only words are taken here. Please write a few, or press Pass it on now: nothing needs to be written.
complain-words-only-2 = Pictures and recordings cannot be kept at this step. If writing is hard, press Pass it on now, and the chief reads your tip again.
complain-words-only-3 = What came just now was not kept. Press Pass it on now to finish, or press Enough and send pictures and recordings to the tip.
button-complain-now = Pass it on now
threat-noted =
    This has gone to the chief. In danger, call 113 at once, or the duty desk { $duty_phone }.

    Who threatens, how, when: write it here if it suits you. Keep messages, photos, papers as proof.
threat-noted-trial =
    This has gone to the chief. In danger, call 113 at once.

    Who threatens, how, when: write it here if it suits you. Keep messages, photos, papers as proof.
threat-more = Passed on to the chief as well. In danger, call 113.
data-what = What would you like about your data here?
button-data-know = Know what is kept
button-data-correct = Correct something
button-data-delete = Delete
button-data-withdraw = Withdraw consent
data-words = Please say a little more, or press Skip to send it as it is.
data-noted = Passed on to the ward police. They must answer by the end of { $date }; type "xem" to read it. A tip in the book must be kept by law; the account and the call-back number go with Cut contact.
appeal-answered =
    The ward police answer you as follows:
    "{ $text }"

procedure-ask = Which procedure? Type a few words, such as "birth certificate".
procedure-which = Is it one of these?
procedure-unknown = There is no answer for this yet. Ask in other words, or press Send as a tip and an officer answers.
procedure-unknown-2 = Still nothing was found. Type the name of the paper, for instance "identity card", or press Send as a tip and an officer answers.
procedure-unknown-3 = This one has no answer either. Send as a tip brings it to the officer on duty; Ask about procedures shows what there is.
button-procedures = Ask about procedures
button-other-procedure = Another procedure
button-make-tip = Send as a tip
button-edit-about = About you
button-edit-safe = Who uses this phone
command-thutuc = Ask about procedures
