package geo

import "strconv"

// decimal is a number as it was written: sign, digits before and after the
// point, exponent. It is never turned into a binary float, so flooring it is
// exact whatever its length.
type decimal struct {
	negative    bool
	whole, frac string
	exp         int64
}

// maxExponent bounds a written exponent. Any text has fewer digits than this,
// so a larger exponent changes no result.
const maxExponent = 1 << 58

// saturated stands for every magnitude of 1e18 and more.
const saturated = int64(1e18)

// scanDecimal reads JSON number syntax (RFC 8259), also with a leading '+' or
// without a digit before the point. ok is false for anything else.
func scanDecimal(s string) (d decimal, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	d.whole, s = cutDigits(s)
	if len(d.whole) > 1 && d.whole[0] == '0' {
		return d, false
	}
	if s != "" && s[0] == '.' {
		d.frac, s = cutDigits(s[1:])
		if d.frac == "" {
			return d, false
		}
	}
	if d.whole == "" && d.frac == "" {
		return d, false
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		return d.withExponent(s[1:])
	}
	return d, s == ""
}

// withExponent reads what follows the 'e'.
func (d decimal) withExponent(s string) (decimal, bool) {
	negative := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		negative = s[0] == '-'
		s = s[1:]
	}
	digits, rest := cutDigits(s)
	if digits == "" || rest != "" {
		return d, false
	}
	for i := range len(digits) {
		d.exp = min(d.exp*10+int64(digits[i]-'0'), maxExponent)
	}
	if negative {
		d.exp = -d.exp
	}
	return d, true
}

// cutDigits splits s behind its leading ASCII digits.
func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

func (d decimal) digits() int64 { return int64(len(d.whole) + len(d.frac)) }

func (d decimal) digit(i int64) int64 {
	if i < int64(len(d.whole)) {
		return int64(d.whole[i] - '0')
	}
	return int64(d.frac[i-int64(len(d.whole))] - '0')
}

// point is the number of digits before the decimal point once the exponent is
// applied. It may be negative or larger than the number of digits.
func (d decimal) point() int64 { return int64(len(d.whole)) + d.exp }

// floor is the number times 10^places, rounded toward minus infinity.
// Magnitudes from 1e18 come out as ±1e18.
func (d decimal) floor(places int64) int64 {
	end := d.point() + places
	v, exact := int64(0), true
	for i := range d.digits() {
		if i < end {
			v = timesTen(v, d.digit(i))
		} else {
			exact = exact && d.digit(i) == 0
		}
	}
	for i := d.digits(); i < end && 0 < v && v < saturated; i++ {
		v = timesTen(v, 0)
	}
	return signed(v, d.negative, exact)
}

func timesTen(v, digit int64) int64 {
	if v >= saturated/10 {
		return saturated
	}
	return v*10 + digit
}

// signed applies the sign; what was cut off makes a negative number smaller.
func signed(magnitude int64, negative, exact bool) int64 {
	switch {
	case !negative:
		return magnitude
	case exact || magnitude == saturated:
		return -magnitude
	default:
		return -magnitude - 1
	}
}

// floorMod360 is the number, reduced into -360 to 360 by whole turns and
// floored to 1e-16.
func (d decimal) floorMod360() int64 {
	point, n := d.point(), d.digits()
	whole, frac, exact := int64(0), int64(0), true
	for i := range n {
		switch {
		case i < point:
			whole = (whole*10 + d.digit(i)) % 360
		case i < point+degPlaces:
			frac = frac*10 + d.digit(i)
		default:
			exact = exact && d.digit(i) == 0
		}
	}
	// 1000 and 10,000 leave the same remainder by 360, so three zeros stand
	// for any larger number of them.
	for i := n; i < min(point, n+3); i++ {
		whole = whole * 10 % 360
	}
	for i := max(n, point); i < point+degPlaces; i++ {
		frac *= 10
	}
	return signed(whole*degree+frac, d.negative, exact)
}

// appendFixed writes v / 10^places exactly: no trailing zeros, no point
// without a digit behind it.
func appendFixed(b []byte, v int64, places int) []byte {
	u := uint64(v)
	if v < 0 {
		b = append(b, '-')
		u = -u
	}
	unit := uint64(1)
	for range places {
		unit *= 10
	}
	b = strconv.AppendUint(b, u/unit, 10)
	rest := u % unit
	if rest == 0 {
		return b
	}
	b = append(b, '.')
	for rest > 0 {
		unit /= 10
		b = append(b, byte('0'+rest/unit))
		rest %= unit
	}
	return b
}
