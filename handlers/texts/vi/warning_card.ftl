# What stands on a warning's picture around the words that somebody wrote. See `handlers/warnings/face.py`.

warning-card-warning = CẢNH BÁO
warning-card-correction = ĐÍNH CHÍNH
warning-card-thanks = TIN CỦA BÀ CON
warning-card-ward = Công an phường{ $ward }
warning-card-corrects = Thay cảnh báo mã { $code }, ngày { $day }
warning-card-danger = Nguy hiểm ngay lúc này: gọi 113
warning-card-duty = Trực ban
warning-card-expires = Hết hạn { $day }
warning-card-check = Kiểm tra: { $address }

# The foot of what is posted where a ward has no duty number yet, or nobody said how the house is reached.
posted-foot-danger = Nguy hiểm ngay lúc này: gọi 113.
posted-check-by-code = Xem có đúng nguyên văn không: nhắn mã { $code } cho Công an phường.
