card-danger =
    🔴 In danger now, call at once:
    113 police · 114 fire, trapped
    115 ambulance · 111 children

    Get to a safe place first. Do not go near, do not try to film.
card-fire =
    🔴 In danger now, call at once:
    114 fire, trapped
    115 ambulance · 113 police

    Get out first, tell those around you. In smoke stay low. Do not go back for things.
card-child =
    🔴 In danger now, call at once:
    113 police · 111 children
    115 ambulance

    Stay with the child if you can. Please do not ask the child again and again; let the officer ask.
card-self_harm =
    🔴 Please stop for a moment, and call somebody now:
    115 ambulance · 113 police
    111 if under 18

    Tell whoever is near, do not stay alone now. Put pills, knives, ropes far away.
card-cheated = ✋ Do not transfer yet. End that call, do not read out the OTP. Already transferred: call the bank at once on the number printed on your card and ask to stop the payment. The police never make anyone keep a secret from their family. It is not your fault. Keep the messages and receipts, then go on telling here.
card-duty = Ward duty desk: { $duty_phone }
card-cannot-call =
    If you cannot call, press the button below or type 1: what you just wrote goes to the duty desk at once, with no further question.

    After one minute of silence it goes to the duty desk as well.
button-cannot-call = I cannot call
button-am-safe = I am safe, go on
danger-noted = Noted. If you can call, call 113 now. If you cannot, press below or type 1; after one minute of silence it goes as well.
danger-sent = Passed on to the duty desk at { $time }. Write where you are, if you can. Writing here is slower than calling 113: if you can call, or somebody can call for you, please still call.
urgent-added = This reached the duty desk at { $time }, with the tip you just sent. If you can call, please still call 113.
urgent-more = Added; the duty desk sees it with the tip you just sent. If you can call, please still call 113.
nobody-accepted-trial = No officer has confirmed reading it yet. Do not wait here: call 113, or ask somebody near you to call.
nobody-accepted = No officer has confirmed reading it yet. Do not wait here: call 113, { $duty_phone }, or ask somebody near you to call.
code-owed =
    The tip you sent has the code below; keep it to yourself.

    Tip code: { $code }

    Whoever has it can see where the tip stands.
