module producer

go 1.24.0

require (
	github.com/gin-gonic/gin v1.12.0
	posthorn v0.1.0
)

replace posthorn v0.1.0 => ./go
