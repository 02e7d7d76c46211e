# What goes back and forth with a resident: what became of each word, files from the desk, ready sentences, the chief's yes.

write-name = It names somebody: "{ $what }". A name goes out only with the chief's yes. Take it out, or hand it to the chief.
write-odd-letters = There are odd letters "{ $what }" that only look like ours. Please type them again.
