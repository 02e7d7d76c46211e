# What goes back and forth with a resident: what became of each word, files from the desk, ready sentences, the chief's yes.

write-name = Có tên người: "{ $what }". Nêu tên ai thì phải được chỉ huy cho gửi. Bỏ tên ra, hoặc bấm Trình chỉ huy.
write-odd-letters = Có chữ lạ "{ $what }" trông giống chữ Việt. Gõ lại chữ đó giúp.
