# Warnings in one's own chat.

subscribe-start = Cảnh báo của Công an phường sẽ tới đoạn nhắn này: thường nhiều nhất mỗi tuần một lần, chuyện gấp thì lúc nào cũng có thể. Bàn trực chỉ thấy có bao nhiêu người nhận, không thấy là ai.
subscribe-comes = Thôi nhận lúc nào cũng được, bấm một lần là xong.
subscribe-web = Trang này không tự báo: mở lại trang trên máy này mới thấy. Thoát nhanh là thôi nhận.
subscribe-windowed = Zalo chỉ cho nhắn trong vài ngày sau lần cuối anh/chị nhắn ở đây; quá đó, cảnh báo chờ tới khi anh/chị nhắn lại.
subscribe-where = Nhận cho nơi nào ạ?
subscribe-themes = Nhận loại nào ạ? Chọn từng loại, hoặc nhận tất cả.
subscribe-more-themes = Đã chọn: { $what }. Chọn thêm, hoặc bấm Chọn vậy đủ rồi.
subscribe-done = Từ giờ nhận cảnh báo ở đây: { $area }; { $what }. Muốn thôi thì bấm Thôi nhận, hoặc gõ "thôi nhận".
subscribe-now = Đang nhận cảnh báo ở đây: { $area }; { $what }.
subscribe-later = Đang soạn dở một tin. Gửi hoặc bỏ tin đó xong, anh/chị gõ "nhận cảnh báo" giúp ạ.
subscribe-offer = Muốn nhận cảnh báo của tổ mình ở đây thì bấm Nhận cảnh báo.
subscribe-ward = cả phường
subscribe-everything = mọi loại
unsubscribed = Đã thôi nhận cảnh báo ở đây. Khi nào muốn nhận lại, gõ "nhận cảnh báo".

button-subscribe = Nhận cảnh báo
button-unsubscribe = Thôi nhận
button-subscribe-change = Đổi nơi, đổi loại
button-subscribe-done = Chọn vậy đủ rồi
button-all-themes = Nhận tất cả
button-whole-ward = Cả phường
command-canhbao = Nhận hoặc thôi nhận cảnh báo
