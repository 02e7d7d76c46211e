# The cards of danger, fixed but for the ward's number. Doing comes before telling.

card-danger =
    🔴 Đang nguy hiểm, gọi ngay:
    113 công an · 114 cháy, mắc kẹt
    115 cấp cứu · 111 trẻ em

    Tìm chỗ an toàn trước. Đừng lại gần, đừng cố quay phim.
card-fire =
    🔴 Đang nguy hiểm, gọi ngay:
    114 cháy, mắc kẹt
    115 cấp cứu · 113 công an

    Ra ngoài trước, báo người xung quanh. Có khói thì cúi thấp. Đừng quay lại lấy đồ.
card-child =
    🔴 Đang nguy hiểm, gọi ngay:
    113 công an · 111 trẻ em
    115 cấp cứu

    Ở cạnh cháu nếu được. Xin đừng hỏi cháu nhiều lần; để cán bộ hỏi.
card-self_harm =
    🔴 Xin dừng lại một chút, và gọi ngay cho một người:
    115 cấp cứu · 113 công an
    111 nếu dưới 18 tuổi

    Nói với người đang ở gần, đừng ở một mình lúc này. Để thuốc, dao, dây ra xa.
card-cheated = ✋ Khoan chuyển tiền. Tắt cuộc gọi đó, đừng đọc mã OTP. Lỡ chuyển rồi: gọi ngay ngân hàng theo số in sau thẻ, xin chặn khoản vừa chuyển. Công an không bắt ai giữ bí mật với người nhà. Không phải lỗi của anh/chị. Giữ lại tin nhắn, biên lai, rồi kể tiếp ở đây.
card-duty = Trực ban phường: { $duty_phone }
card-cannot-call =
    Không gọi được thì bấm nút dưới, hoặc gõ 1: lời vừa nhắn sẽ tới trực ban ngay, không cần trả lời gì thêm.

    Im một phút, máy cũng chuyển lời này tới trực ban.
button-cannot-call = Không gọi được
button-am-safe = Đang an toàn, kể tiếp
danger-noted = Đã ghi. Gọi được thì gọi 113 ngay. Không gọi được thì bấm nút dưới, hoặc gõ 1; im một phút máy cũng chuyển.
danger-sent = Đã chuyển tới trực ban lúc { $time }. Nhắn thêm đang ở đâu, nếu được. Nhắn qua đây chậm hơn gọi 113: gọi được, hoặc nhờ được ai gọi, thì vẫn nên gọi.
urgent-added = Lời này đã tới trực ban lúc { $time }, cùng tin vừa gửi. Gọi được thì vẫn nên gọi 113.
urgent-more = Đã ghi thêm, trực ban thấy cùng tin vừa gửi. Gọi được thì vẫn nên gọi 113.
nobody-accepted-trial = Chưa có cán bộ nào xác nhận đã đọc. Đừng chờ ở đây: gọi 113, hoặc nhờ người bên cạnh gọi.
nobody-accepted = Chưa có cán bộ nào xác nhận đã đọc. Đừng chờ ở đây: gọi 113, { $duty_phone }, hoặc nhờ người bên cạnh gọi.
code-owed =
    Tin vừa gửi có mã dưới đây, anh/chị giữ riêng ạ.

    Mã tin: { $code }

    Ai có mã là xem được tin tới đâu.
