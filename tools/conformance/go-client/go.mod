module producer

go 1.21

require posthorn v0.1.0

replace posthorn v0.1.0 => ./go
