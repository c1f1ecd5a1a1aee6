package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// swallow is the fastest SMTP server that takes letters properly: it reads
// them, keeps none and counts. It says where it listens, goes on until its
// standard input ends, and then says how many letters and bytes there were, and
// how many microseconds lay between the first letter's end and the last one's.
// The environment names a certificate's file where it offers STARTTLS.
func swallow() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var s swallower
	if file := os.Getenv("BROADSHEET_TEST_SWALLOW"); file != "plain" {
		pair, err := tls.LoadX509KeyPair(file, file)
		if err != nil {
			panic(err)
		}
		s.tls = &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	fmt.Println(s.letters.Load(), s.bytes.Load(), s.last.Load()-s.first.Load())
}

type swallower struct {
	tls            *tls.Config
	letters, bytes atomic.Int64
	first, last    atomic.Int64 // microseconds of the clock at a letter's end
}

// serve runs one connection. Replies wait until nothing more has been read, so
// that a group of commands gets a group of replies.
func (s *swallower) serve(conn net.Conn) {
	defer conn.Close()
	r, w := bufio.NewReaderSize(conn, 128<<10), bufio.NewWriter(conn)
	fmt.Fprint(w, "220 ready\r\n")
	for {
		if r.Buffered() == 0 {
			if w.Flush() != nil {
				return
			}
		}
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		switch verb := string(bytes.ToUpper(line[:min(4, len(line))])); verb {
		case "EHLO":
			fmt.Fprint(w, "250-hello\r\n250-PIPELINING\r\n250-8BITMIME\r\n")
			if _, secure := conn.(*tls.Conn); s.tls != nil && !secure {
				fmt.Fprint(w, "250-STARTTLS\r\n")
			}
			fmt.Fprint(w, "250 SIZE 10000000\r\n")
		case "STAR":
			fmt.Fprint(w, "220 go\r\n")
			_ = w.Flush()
			conn = tls.Server(conn, s.tls)
			r, w = bufio.NewReaderSize(conn, 128<<10), bufio.NewWriter(conn)
		case "DATA":
			fmt.Fprint(w, "354 go\r\n")
			if w.Flush() != nil || !s.take(r) {
				return
			}
			fmt.Fprint(w, "250 2.0.0 queued\r\n")
		case "QUIT":
			fmt.Fprint(w, "221 bye\r\n")
			_ = w.Flush()
			return
		default:
			fmt.Fprint(w, "250 2.0.0 fine\r\n")
		}
	}
}

// take reads a letter to its end.
func (s *swallower) take(r *bufio.Reader) bool {
	end := []byte("\n.\r\n") // every line of the letter ends in CRLF; to look for "\r" first costs twice as much
	for {
		if _, err := r.Peek(1); err != nil {
			return false
		}
		p, _ := r.Peek(r.Buffered())
		if i := bytes.Index(p, end); i >= 0 {
			_, _ = r.Discard(i + len(end))
			s.letters.Add(1)
			now := time.Now().UnixMicro()
			s.first.CompareAndSwap(0, now)
			s.last.Store(now)
			s.bytes.Add(int64(i))
			return true
		}
		// The end may be half there: read on for it.
		keep := min(len(p), len(end)-1)
		_, _ = r.Discard(len(p) - keep)
		s.bytes.Add(int64(len(p) - keep))
		if _, err := r.Peek(keep + 1); err != nil {
			return false
		}
	}
}
