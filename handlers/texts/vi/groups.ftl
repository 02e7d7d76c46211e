# Groups with the bot in them: what is said in the group, and what the desk reads of it.

group-linked = Nhóm này đã được nối với { $area }. Từ giờ cảnh báo của Công an phường{ $ward } cho nơi này sẽ có ở đây.
group-linked-ward = Nhóm này đã được nối với cả phường. Từ giờ cảnh báo của Công an phường{ $ward } sẽ có ở đây.
group-code-wrong = Mã này không dùng được. Mã chỉ dùng một lần, trong 24 giờ. Xin mã khác ở Công an phường{ $ward } ạ.
group-code-here = Mã này để gõ trong nhóm, sau khi đã mời máy vào nhóm. Gõ ở đây thì chưa nối được nhóm nào.

# For the desk.
group-trouble-muted = Máy không được viết trong nhóm này. Nhờ trưởng nhóm cho phép, hoặc báo tổ trưởng tự đăng.
group-trouble-renamed = Nhóm vừa đổi tên. Xem lại có đúng nhóm của tổ không.
group-trouble-moved = Nhóm vừa được nâng cấp, địa chỉ đổi theo. Vẫn là nhóm này, không phải nối lại.
group-trouble-lost = Mất nhóm: máy bị đưa ra, hoặc nhóm đã giải tán. Cảnh báo không tới đó nữa.
group-trouble-back = Máy được mời lại vào nhóm, nhưng chưa nối. Tạo mã mới rồi gõ trong nhóm.
group-ended-already = Nhóm này đã thôi nối rồi.
group-gone = Không thấy nhóm này.
group-not-yours = Chỉ người được quản lý tổ trưởng hoặc viết cảnh báo mới nối được nhóm.

reach-few = dưới 5

# In the history.
history-group-code-made = Tạo mã nối nhóm chat
history-group-linked = Nối một nhóm chat với tổ dân phố
history-group-ended = Thôi nối một nhóm chat
history-group-area-changed = Chuyển một nhóm chat sang tổ khác
history-group-seen = Đã xem thay đổi của một nhóm chat
history-group-renamed = Một nhóm chat đổi tên
history-group-moved = Một nhóm chat đổi địa chỉ
history-group-muted = Máy không được viết trong một nhóm chat
history-group-unmuted = Máy lại được viết trong một nhóm chat
history-group-lost = Mất một nhóm chat
history-group-back = Máy được mời lại vào một nhóm chat
