# What is read at the ward's loudspeakers, by whoever is there. Numbers stand in words. See `handlers/warnings/loudspeaker.py`.

speaker-title = Bài đọc loa
speaker-reading = Đọc chậm, rõ, khoảng { $seconds } giây ({ $syllables } tiếng). Hết mỗi đoạn nghỉ một nhịp.
speaker-reading-long = Đọc chậm, rõ, khoảng { $seconds } giây ({ $syllables } tiếng): dài quá 90 giây, nên rút bớt lời.
speaker-about = Mã { $code }, ngày { $day }. Hết hạn { $expires }: sau ngày đó không đọc nữa.
speaker-opening = Kính thưa bà con. Đây là thông báo của Công an phường{ $ward }.
speaker-opening-correction = Kính thưa bà con. Đây là tin đính chính của Công an phường{ $ward }, thay cho cảnh báo { $day }.
speaker-warning = Cảnh báo: { $headline }
speaker-correction = Đính chính: { $headline }
speaker-thanks = Tin của bà con: { $headline }
speaker-one = Bà con làm giúp một việc. { $line }
speaker-first = Một là: { $line }
speaker-second = Hai là: { $line }
speaker-third = Ba là: { $line }
speaker-source = Tin này theo { $source }.
speaker-until = Thông báo này còn giá trị đến hết { $day }.
speaker-again = Xin nhắc lại.
speaker-duty = Cần hỏi, bà con gọi trực ban, số { $number }.
speaker-number-again = Xin đọc lại số trực ban: { $number }.
speaker-differs = Nghe ở đâu khác lời này, bà con gọi trực ban hỏi lại.
speaker-danger = Nguy hiểm ngay lúc này, gọi một một ba.
speaker-closing = Xin cảm ơn bà con.
