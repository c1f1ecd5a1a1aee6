package stylesheet

import (
	"slices"
	"strings"
)

// written is what remains of a sheet's content, and what has to be said in a
// sheet of its own behind one that may not change.
func (p *plan) written(lean bool) (content, behind string) {
	var here, after strings.Builder
	rules, kept, changed := false, false, false
	for _, st := range p.statements {
		text, raised := st.written(lean), st.raised()
		if (st.at == "@import" || st.at == "@namespace") && rules && !kept {
			here.WriteString("@media not all{}\n") // it stood too late, and means nothing
			kept = true
		}
		rules = rules || st.at == ""
		kept = kept || text != "" && st.at != "@import" && st.at != "@charset"
		changed = changed || text != st.text+st.closing || raised != ""
		writeLine(&here, text)
		writeLine(&here, raised)
		writeLine(&after, raised)
	}
	switch {
	case p.untouched:
		return p.content, after.String()
	case !changed:
		return p.content, ""
	default:
		return here.String(), ""
	}
}

func writeLine(b *strings.Builder, text string) {
	if text != "" {
		b.WriteString(text + "\n")
	}
}

// written is what stays of a statement.
func (ps *planned) written(lean bool) string {
	if ps.whole {
		return ps.text + ps.closing
	}
	var parts []string
	same := map[string][]string{} // selectors by what they say
	say := func(selector, block string) {
		if block == "" {
			return
		}
		if same[block] == nil {
			parts = append(parts, block)
		}
		same[block] = append(same[block], selector)
	}
	all := true
	for _, r := range ps.rules {
		stays := r.held || !r.matched && !lean
		all = all && stays
		if stays {
			say(r.selector.text, ps.block.String())
		} else {
			say(r.selector.text, r.remains(ps.odd))
		}
	}
	if all {
		return ps.text
	}
	var b strings.Builder
	for i, block := range parts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Join(same[block], ", ") + " {" + block + "}")
	}
	return b.String()
}

// remains is what of an inlined rule a sheet has to say all the same.
func (r *rule) remains(odd []string) string {
	if !r.matched {
		return ""
	}
	var list []string
	for _, v := range r.declarations {
		if v.left || r.untagged {
			list = append(list, v.String())
		}
	}
	return strings.Join(append(list, odd...), ";")
}

// raised are copies of what must go on winning over style attributes.
func (ps *planned) raised() string {
	var b strings.Builder
	for i := 0; i < len(ps.rules); {
		r, body := ps.rules[i], ps.rules[i].raised()
		var selectors []string
		for ; i < len(ps.rules) && ps.rules[i].raised() == body && slices.Equal(ps.rules[i].wraps, r.wraps); i++ {
			if s := ps.rules[i].selector.text; !slices.Contains(selectors, s) {
				selectors = append(selectors, s)
			}
		}
		if body == "" {
			continue
		}
		for _, w := range r.wraps {
			b.WriteString(w + "{")
		}
		b.WriteString(strings.Join(selectors, ",") + "{" + body + "}" + strings.Repeat("}", len(r.wraps)))
	}
	return b.String()
}

func (r *rule) raised() string {
	var list []string
	for _, v := range r.declarations {
		if v.raised {
			list = append(list, v.property+":"+v.value+" !important")
		}
	}
	return strings.Join(list, ";")
}
