// Package servertest has tests of the client against a real server: check.sh starts one on the demo model.
package servertest
