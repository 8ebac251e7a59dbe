package malform

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// ErrTorn says that the server hung up before all of its answer had come, as the network makes it where a server does not
// read a request to its end.
var ErrTorn = errors.New("the connection was torn")

// Client sends requests as they are, which net/http's own does not. It is not safe for concurrent use.
type Client struct {
	addr    string
	timeout time.Duration
	conn    *net.TCPConn
	read    *bufio.Reader
}

// NewClient returns a client of the server at addr that waits for each answer as long as the timeout.
func NewClient(addr string, timeout time.Duration) *Client {
	return &Client{addr: addr, timeout: timeout}
}

// Send sends r and reads the whole answer. Errors: ErrTorn, the server did not answer in time or answered what is no HTTP.
func (c *Client) Send(r Request) (*http.Response, []byte, error) {
	reused := c.conn != nil
	response, body, err := c.try(r)
	if err != nil && reused {
		response, body, err = c.try(r) // the server may have closed the connection after the answer before
	}
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, nil, fmt.Errorf("%s %.200s: %w: %w", r.Method, r.Target, ErrTorn, err)
	case err != nil:
		return nil, nil, fmt.Errorf("%s %.200s: %w", r.Method, r.Target, err)
	}
	return response, body, nil
}

func (c *Client) try(r Request) (response *http.Response, body []byte, err error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			return nil, nil, err
		}
		c.conn, c.read = conn.(*net.TCPConn), bufio.NewReader(conn)
	}
	again := false
	defer func() {
		if !again {
			c.Close()
		}
	}()
	if err := c.conn.SetDeadline(time.Now().Add(c.timeout)); err != nil {
		return nil, nil, err
	}
	conn, written := c.conn, make(chan error, 1)
	go func() { // beside the reading: a server that refuses a large body does not read it to its end
		_, err := conn.Write(r.Wire(c.addr))
		if err == nil && r.Cut {
			err = conn.CloseWrite()
		}
		written <- err
	}()
	response, body, err = c.answer(r.Method)
	if err != nil {
		c.Close()
		<-written
		return nil, nil, err
	}
	select {
	case sent := <-written:
		again = sent == nil && !response.Close && !r.Cut && !r.has("Content-Length") && !r.has("Transfer-Encoding")
	default:
		c.Close() // it answered before it had read everything
		<-written
	}
	return response, body, nil
}

// answer reads the final answer.
func (c *Client) answer(method string) (*http.Response, []byte, error) {
	for {
		response, err := http.ReadResponse(c.read, &http.Request{Method: method})
		if err != nil {
			return nil, nil, fmt.Errorf("read answer: %w", err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return nil, nil, fmt.Errorf("read answer %d: %w", response.StatusCode, err)
		}
		if response.StatusCode >= http.StatusOK {
			response.Body = io.NopCloser(bytes.NewReader(body))
			return response, body, nil
		}
	}
}

// Close closes the connection. The client may be used again.
func (c *Client) Close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing more is expected of it
		c.conn, c.read = nil, nil
	}
}
