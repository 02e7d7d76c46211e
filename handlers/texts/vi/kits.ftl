# What goes along with a warning: to a neighbourhood's leader, and to whoever subscribed.

kit-forward = Nhờ bác chuyển tiếp ảnh và tin này vào nhóm của tổ, rồi bấm giúp một nút.
kit-unsubscribe = Thôi nhận
