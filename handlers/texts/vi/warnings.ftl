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

# What keeps a warning from its next step.
warning-gone = Không thấy cảnh báo này.
warning-not-yours = Chỉ người viết được làm việc này.
warning-not-yours-to-release = Chỉ chỉ huy đang trong ca hoặc trưởng công an phường được duyệt.
warning-second-person = Người viết không tự duyệt. Cần một người thứ hai.
warning-life-chief = Chỉ trưởng công an phường được một mình cho phát, khi có nguy hiểm tính mạng.
warning-released-already = Cảnh báo này đã được duyệt rồi.
warning-not-released = Cảnh báo này chưa phát nên chưa có gì để đính chính.
warning-not-proposed = Cảnh báo này không còn chờ duyệt.
warning-not-running = Cảnh báo này không còn đang phát.
warning-nothing-to-approve = Không có gì phải duyệt lại.
warning-decided = Đã có người quyết định rồi.
warning-expired = Đã quá hạn. Chọn ngày hết hạn khác.
warning-why = Viết lý do trả lại, để người viết biết sửa gì.
warning-stopped = Có chỗ không được phát. Sửa lại, hoặc chọn căn cứ pháp luật và viết lý do.
warning-not-your-area = Chỉ được viết cho tổ mình phụ trách.
warning-no-area = Có tổ dân phố không còn trong danh sách. Chọn lại.
warning-nobody = Chọn ít nhất một nơi nhận.
warning-too-far = Ngày phát xa nhất là 60 ngày nữa, hạn dài nhất là 180 ngày.
