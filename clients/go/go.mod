module posthorn

go 1.21
