// Package posthorn is the client that is generated here.
package posthorn
