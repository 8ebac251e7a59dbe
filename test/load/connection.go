package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
)

// Connection is a client of an HTTP server that stays connected, and costs little beside what it measures: it writes
// requests by itself and reads answers with net/http. It is not safe for concurrent use.
type Connection struct {
	conn   net.Conn
	reader *bufio.Reader
	text   bytes.Buffer
	body   bytes.Buffer
	host   string
}

// Connect connects to a host and port. The caller calls Close. Errors: what the network reports.
func Connect(addr string) (*Connection, error) {
	conn, err := net.Dial("tcp", addr) //nolint:noctx // it is this machine
	if err != nil {
		return nil, err
	}
	return &Connection{conn: conn, reader: bufio.NewReader(conn), host: addr}, nil
}

// Close ends the connection. Errors: what the network reports.
func (c *Connection) Close() error { return c.conn.Close() }

// Post sends JSON with a bearer token and returns the status and the body of the answer, which is good until the next request.
// Errors: what the network reports; that the answer makes no sense, or that the server will close the connection.
func (c *Connection) Post(path, token, body string) (status int, answer []byte, err error) {
	c.text.Reset()
	_, _ = fmt.Fprintf(&c.text, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\n\r\n%s", path, c.host, token, len(body), body)
	return c.exchange()
}

// Get asks for a page as a guest; answer and errors are as of Post.
func (c *Connection) Get(path string) (status int, answer []byte, err error) {
	c.text.Reset()
	_, _ = fmt.Fprintf(&c.text, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, c.host)
	return c.exchange()
}

func (c *Connection) exchange() (int, []byte, error) {
	if _, err := c.conn.Write(c.text.Bytes()); err != nil {
		return 0, nil, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return 0, nil, err
	}
	c.body.Reset()
	_, err = io.Copy(&c.body, response.Body)
	if err == nil && response.Close {
		err = fmt.Errorf("the server closes the connection after status %d", response.StatusCode)
	}
	_ = response.Body.Close()
	return response.StatusCode, c.body.Bytes(), err
}
