# What keeps a warning from going out in other words than were read, and forgeries from passing for it.

warning-changed-since = Lời hoặc nơi nhận đã đổi sau khi mở trang này. Đọc lại bản mới dưới đây rồi hãy duyệt.
warning-paper-not-yet = Cảnh báo này chưa được duyệt, nên chưa in và chưa tải về được.
check-too-long = Tin nhận được dài quá, chỉ so được phần đầu. Phần sau không phải lời của Công an phường.

# The checker before a leader.
lead-stopped-here = Chưa gửi được. Sửa những chỗ dưới đây:
lead-stopped-at = { $field }: { $told }
lead-too-many = Đã có 3 cảnh báo chờ chỉ huy duyệt. Đợi duyệt xong rồi xin tiếp. Gấp thì gọi trực ban.
lead-worry = Nên xem lại:
lead-ground-on-page = Nếu luật cho phép và không nêu thì bà con không tránh được, điền căn cứ ở { $page }
lead-button-mend-headline = Sửa dòng đầu
lead-button-mend-body = Sửa chuyện gì
lead-button-mend-lines = Sửa việc nên làm
lead-ask-template = Có mẫu sẵn. Chọn một mẫu rồi sửa, hoặc tự viết.
lead-button-own-words = Tự viết
lead-button-more-templates = Mẫu khác
lead-templates = Mẫu sẵn
lead-templates-help = Bấm một mẫu, sửa lại cho đúng chuyện ở tổ, rồi gửi duyệt.
lead-templates-here = Mẫu đang dùng: { $name }
