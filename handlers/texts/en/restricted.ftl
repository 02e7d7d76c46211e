# Who alone reads what is told, why some names are not taken here, and giving oneself up.

button-about-police = About ward police or officials
button-chief-only = Only the chief reads it
button-not-restricted = Let the duty desk read it
button-fence-leave = No, I will tell it elsewhere

restricted-fence = Only the superior police will read this. Nobody in the ward can; they only see that there is a restricted tip.
restricted-chief = Only the chief of the ward police will read this. The officer on duty only sees that there is a restricted tip.
restricted-none = The officer on duty will read this as usual.
fence-nobody-at =
    Nobody from the superior police reads tips here yet. Please report matters about ward police or officials straight to: { $address }

    To tell it here, choose "Only the chief reads it": then only the chief of the ward police can read it.
fence-nobody =
    Nobody from the superior police reads tips here yet. Please report matters about ward police or officials straight to the city or provincial police.

    To tell it here, choose "Only the chief reads it": then only the chief of the ward police can read it.
reader-fence = the superior police
reader-chief = the chief of the ward police
review-reader = Only { $reader } will read this tip.

receipt-restricted =
    Received at { $time } on { $date }. Thank you.

    Code: { $code }

    Only { $reader } will read this tip. Any news will be told here. If you remember more, just write.

    Keep this code to yourself: whoever has the code can see how far the tip has come.
receipt-restricted-windowed =
    Received at { $time } on { $date }. Thank you.

    Code: { $code }

    Only { $reader } will read this tip. For { $days } days any news will be told here; after that { $later }: type "my tips" to know. If you remember more, just write.

    Keep this code to yourself: whoever has the code can see how far the tip has come.
receipt-restricted-shared =
    Received at { $time } on { $date }. Thank you.

    Code: { $code }

    Only { $reader } will read this tip. The line will not write first; type "xem" when it suits you. If you remember more, just write.

    Keep this code to yourself: whoever has it can see how far the tip has come. Better delete this chat after reading.
card-cannot-call-restricted =
    If you cannot call, press the button below or type 1: what you wrote goes to { $reader } at once, with nothing more to answer.

    After one minute of silence it goes as well.
danger-sent-restricted = Passed on to { $reader } at { $time }. Write where you are, if you can. Writing here is slower than calling 113: if you can call, or somebody can call for you, still do.
urgent-added-restricted = This reached { $reader } at { $time }, with the tip you sent. If you can call 113, still do.
accepted-restricted = Somebody read this tip at { $time }.

name-declined = No names are taken here for this kind of matter. To give yours, please ask to see the ward's chief in person.
name-declined-at = No names are taken here for this kind of matter. To give yours, please ask to see the ward's chief in person: { $address }
name-declined-fence = No names are taken here for this tip. To give yours, please go to the city or provincial police in person.
name-declined-fence-at = No names are taken here for this tip. To give yours, please go there in person: { $address }

surrender = To turn yourself in, come to the ward police; somebody is on duty at any hour. Better bring somebody close to you.
surrender-at = To turn yourself in, come to the ward police; somebody is on duty at any hour: { $address } Better bring somebody close to you.
surrender-call = If you cannot come yet, call the duty desk on { $duty_phone }, or 113.
surrender-call-trial = If you cannot come yet, call 113.
surrender-not-here = Please do not tell here what you did. An officer will listen and write it down when you meet. What you just wrote stands in no tip.
surrender-not-kept = this was not kept

lookup-state-new-restricted = Tip { $code_tail } arrived at { $time }; nobody has read it yet. If it is urgent, please call 113.
lookup-state-accepted-restricted = Somebody read tip { $code_tail } at { $time }.
lookup-state-paper = Tip { $code_tail } is now in a paper file; this machine no longer holds what was told. To learn more, please see the ward police in person.
urgent-more-restricted = Added; whoever reads it sees it with the tip you just sent. If you can call 113, still do.

complain-ask-fence = What do you disagree with in tip { $code_tail }? It goes to the superior police, past everybody in the ward.
complain-noted-fence = Your complaint has gone to the superior police. Once there is an answer, type "xem" to read it here.
complain-file-fence = This has gone to the superior police with your complaint. To add more, speak, write or send photos. When done, press Enough.
complain-file-more-fence = Passed on to the superior police as well. When done, press Enough.
complain-words-only-fence = A complaint goes straight to the superior police, so only words are taken here. Please write a few, or press Pass it on now: nothing needs to be written.
complain-words-only-2-fence = Pictures and recordings cannot be kept at this step. If writing is hard, press Pass it on now, and the superior police read your tip again.
complain-words-only-3-fence = What came just now was not kept. Press Pass it on now to finish, or press Enough and send pictures and recordings to the tip.
button-complain-now-fence = Pass it on now
closed-by-desk-fence = { $done }, { $date }, { $unit }. Thank you for telling us. If you do not agree, press Complain: it goes to the superior police, past everybody in the ward.
threat-noted-fence =
    This has gone to the superior police. In danger, call 113 at once.

    Who threatens, how, when: write it here if it suits you. Keep messages, photos, papers as proof.
threat-more-fence = Passed on to the superior police as well. In danger, call 113.
data-noted-fence = Passed on to the superior police. They must answer by the end of { $date }; type "xem" to read it. A tip in the book must be kept by law; the account and the call-back number go with Cut contact.

# True of a tip that only the superior police, or only the chief, read.
safe-shared-fence = Then the line will not write first. When it suits you, type "xem". Best delete this chat after reading.
review-press-restricted = Only Send sends the tip.
after-few-restricted = Your tip is sent. A few questions help whoever reads it; skip what does not suit you.
remind-restricted = Your tip is not sent yet, so nobody has read it. Send now sends it. In danger, call 113.
after-voice-restricted = Your voice note is here. Speak on, or write a few words. When done, press Send now.
noted-voice-short-restricted = One more voice note received.
callback-ask-restricted = Should somebody call you back? If so, type your number. Only whoever took the tip and whoever handles it can see it, and it is written down who looked.
lookup-state-paper-fence = Tip { $code_tail } is now in a paper file; this machine no longer holds what was told. To learn more, please see the superior police in person.
lookup-state-transferred-fence = Tip { $code_tail } was passed on to be settled. Once a result comes back, you will be told here.
lookup-added-restricted = Added to tip { $code_tail } at { $time }. Whoever reads it sees it with the tip.
lookup-more-help-restricted = Whoever may read the tip reads this. The buttons to skip or to complain are only in the chat that sent the tip.
nobody-accepted-fence = Nobody of the superior police has confirmed reading it yet. Do not wait here: call 113, or ask somebody near you to call.
question-asked-fence =
    The superior police ask about tip { $code_tail }:
    "{ $question }"

    Words, voice or photos are all fine. If you do not know or it does not suit you, press Skip; the tip goes on.
    If you fear an impostor, do not answer, and tell nobody your code.
status-entered-restricted = Somebody read tip { $code_tail } and entered it at { $time }. Number in the book: { $number }.
status-transferred-fence = On { $date }, tip { $code_tail } was passed to { $agency } to be settled. By law this usually takes 20 days from when they receive it; hard cases may take longer. Once a result comes back, you will be told here.
status-elsewhere-fence = The matter in tip { $code_tail } is settled by { $agency }: { $contact }. The superior police passed it on on { $date }.
status-kept-fence = The superior police have read and noted tip { $code_tail }, but there is not enough to check it. If you remember a place, an hour or a plate, please write again.
status-kept-double-fence = The superior police have read and noted tip { $code_tail }. If you remember a place, an hour or a plate, please write again.
status-sorted-fence = Tip { $code_tail } has been sorted and is being looked at. If you see something new, just write.
told-by-desk-fence =
    The superior police write about tip { $code_tail }:
    "{ $text }"
appeal-answered-fence =
    The superior police answer you as follows:
    "{ $text }"
