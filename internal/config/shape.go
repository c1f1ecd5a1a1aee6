package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/xrash/smetrics"
)

// shape compares a node with the type it is to be read into, notes unknown
// keys and values of the wrong kind, and remembers the line of every path.
//
// The library's own strict mode stops at the first unknown key of a mapping,
// and which one that is changes from run to run.
func (c *check) shape(node ast.Node, t reflect.Type, path string) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, list := node.(*ast.SequenceNode); t == serversType && !list { // one may stand alone
		t = t.Elem()
	}
	switch node := node.(type) {
	case *ast.NullNode: // a key without a value keeps its default
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		c.misshapen(node, path, "anchors, aliases and tags are not used here", "write the value out")
	case ast.MapNode:
		c.mapping(node, t, path)
	case *ast.SequenceNode:
		c.sequence(node, t, path)
	default:
		c.scalar(node, t, path)
	}
}

func (c *check) mapping(node ast.MapNode, t reflect.Type, path string) {
	if t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
		c.misshapen(node.(ast.Node), path, "keys and values where "+wanted(t)+" is wanted", "")
		return
	}
	var keys []string
	if t.Kind() == reflect.Struct {
		keys = keysOf(t)
	}
	for entries := node.MapRange(); entries.Next(); {
		key, ok := entries.Key().(ast.ScalarNode)
		if !ok {
			c.misshapen(entries.Key(), path, "this is not a plain key", "write  key: value")
			continue
		}
		name := key.GetToken().Value
		child := join(path, name)
		c.lines[child] = key.GetToken().Position.Line
		if t.Kind() == reflect.Map {
			c.shape(entries.Value(), t.Elem(), child)
			continue
		}
		i := index(keys, name)
		if i < 0 {
			c.unknown(child, name, keys)
			continue
		}
		c.shape(entries.Value(), t.Field(i).Type, child)
	}
}

func (c *check) sequence(node *ast.SequenceNode, t reflect.Type, path string) {
	if t.Kind() != reflect.Slice {
		c.misshapen(node, path, "a list where "+wanted(t)+" is wanted", "")
		return
	}
	for i, value := range node.Values {
		child := fmt.Sprintf("%s[%d]", path, i)
		c.lines[child] = value.GetToken().Position.Line
		if _, empty := value.(*ast.NullNode); empty {
			c.misshapen(value, child, "an entry without a value", "remove it or give it one")
			continue
		}
		c.shape(value, t.Elem(), child)
	}
}

func (c *check) scalar(node ast.Node, t reflect.Type, path string) {
	number, float := false, false
	switch node.(type) {
	case *ast.IntegerNode:
		number = true
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		float = true
	}
	_, boolean := node.(*ast.BoolNode)
	var fits bool
	switch t.Kind() {
	case reflect.String:
		// The library would read 0x10 as the text "16".
		fits = !number || fmt.Sprint(node.(*ast.IntegerNode).Value) == node.GetToken().Value
	case reflect.Int:
		fits = number
	case reflect.Float64:
		fits = number || float
	case reflect.Bool:
		fits = boolean
	default:
		fits = false
	}
	if !fits {
		c.misshapen(node, path, wanted(t)+" is wanted", mendKind(t))
	}
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "a set of keys and values"
	case reflect.Slice:
		return "a list"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "text"
	}
}

func mendKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "write  {key: value}, or the keys below it, indented"
	case reflect.Slice:
		return "write  [one, two], or one entry to a line, each after a dash"
	case reflect.String:
		return "put it in quotes"
	case reflect.Bool:
		return "write true or false"
	default:
		return "write digits, without quotes"
	}
}

func (c *check) misshapen(node ast.Node, path, message, mend string) {
	c.broken = true
	if path != "" {
		message = path + ": " + message
	}
	line, value := 0, ""
	if token := node.GetToken(); token != nil {
		line = token.Position.Line
		if _, plain := node.(ast.ScalarNode); plain {
			value = token.Value
		}
	}
	c.note(line, value, message, mend)
}

func (c *check) unknown(path, name string, keys []string) {
	mend := "the keys here are " + strings.Join(keys, ", ")
	near := nearest(name, keys)
	switch {
	case strings.HasPrefix(name, "pass") && index(keys, "password_env") >= 0:
		mend = "a password never stands in this file: name password_env or password_file"
	case near != "":
		mend = fmt.Sprintf("did you mean %s?", near)
	}
	c.bad(path, name, "unknown key", mend)
}

// nearest returns the known word that a mistyped one most likely stands for,
// or "".
func nearest(word string, known []string) string {
	best, least := "", 1+max(len(word)/3, min(2, len(word)/2))
	for _, k := range known {
		if d := smetrics.WagnerFischer(strings.ToLower(word), k, 1, 1, 1); d < least {
			best, least = k, d
		}
	}
	return best
}

func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i] = t.Field(i).Tag.Get("yaml")
	}
	return keys
}

func index(keys []string, name string) int {
	for i, k := range keys {
		if k == name {
			return i
		}
	}
	return -1
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
