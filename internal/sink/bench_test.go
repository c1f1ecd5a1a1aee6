package sink

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Letters of 25 KB over eight connections.
func BenchmarkSink(b *testing.B) {
	_, address, _ := start(b, b.TempDir())
	letter := "Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("x", 74)+"\r\n", 25000/76) + ".\r\n"
	letters := make(chan struct{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			if err := pump(address, letter, letters); err != nil {
				b.Error(err)
			}
		})
	}
	b.SetBytes(int64(len(letter)))
	b.ReportAllocs()
	for b.Loop() {
		letters <- struct{}{}
	}
	close(letters)
	clients.Wait()
}

// pump sends the letter once for each token.
func pump(address, letter string, tokens <-chan struct{}) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	replies := textproto.NewReader(bufio.NewReader(conn))
	if _, _, err := replies.ReadResponse(220); err != nil {
		return err
	}
	commands := [][]byte{[]byte("MAIL FROM:<>\r\n"), []byte("RCPT TO:<zoe@example.org>\r\n"), []byte("DATA\r\n"), []byte(letter)}
	if _, err := io.WriteString(conn, "EHLO x\r\n"); err != nil {
		return err
	}
	if _, _, err := replies.ReadResponse(250); err != nil {
		return err
	}
	for range tokens {
		for _, command := range commands {
			if _, err := conn.Write(command); err != nil {
				return err
			}
			if code, reply, err := replies.ReadResponse(0); err != nil || code >= 400 {
				return fmt.Errorf("%d %s: %w", code, reply, err)
			}
		}
	}
	return nil
}
