# The house of made-up people: `keng demo`.
demo-desk = Dữ liệu mẫu: người và việc ở đây đều bịa ra, không có gì đi ra ngoài.
demo-page = Dữ liệu mẫu: trang này để xem thử, không có ai trực. Cần giúp thật, xin gọi 113.
