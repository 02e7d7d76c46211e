# The gong: what a warning says around the words that somebody wrote, word for word as it is posted.

posted-warning = CẢNH BÁO: { $headline }
posted-correction = ĐÍNH CHÍNH cảnh báo mã { $code } ngày { $day }: { $headline }
posted-thanks = TIN CỦA BÀ CON: { $headline }
posted-source = Công an phường{ $ward }
posted-foot = Cần hỏi, gọi trực ban: { $duty_phone }. Nguy hiểm ngay lúc này: gọi 113.
posted-dates = Nguồn: { $source }, ngày { $day }. Hết hạn { $expires }.
posted-check = Xem có đúng nguyên văn không: nhắn mã { $code } cho Công an phường, hoặc mở { $address }.

theme-fraud = Lừa đảo
theme-theft = Trộm cắp, cướp giật
theme-drugs = Ma túy
theme-credit = Vay nặng lãi
theme-gambling = Cờ bạc
theme-violence = Đánh nhau, bạo lực
theme-children = Trẻ em
theme-fire = Cháy nổ
theme-fireworks = Pháo, vũ khí
theme-traffic = Giao thông
theme-campaign = Đợt cao điểm, ngày lễ
theme-general = Tin chung

warning-no-headline = Cần một dòng đầu, nhiều nhất 7 từ.
warning-long-headline = Dòng đầu dài quá 7 từ: trên ảnh bà con không đọc được từ xa.
warning-no-body = Cần kể chuyện gì đang xảy ra, vài câu ngắn.
warning-no-lines = Cần ít nhất một việc bà con nên làm.
warning-many-lines = Nhiều nhất 3 việc nên làm.
warning-too-long = Dài quá 120 từ: bà con không đọc hết, loa đọc không kịp.
warning-no-theme = Chọn một chủ đề.
