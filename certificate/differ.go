package certificate

import (
	"reflect"
	"strings"
)

// Differs lists the keys in which h and o differ, in the form's order.
func (h Header) Differs(o Header) []string { return differing(h, o) }

// Differs lists the keys in which r and o differ, in the form's order.
func (r Row) Differs(o Row) []string { return differing(r, o) }

// differing lists the keys in which two structs of one type differ.
func differing(a, b any) []string {
	var keys []string
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		if !reflect.DeepEqual(va.Field(i).Interface(), vb.Field(i).Interface()) {
			key, _, _ := strings.Cut(va.Type().Field(i).Tag.Get("json"), ",")
			keys = append(keys, key)
		}
	}
	return keys
}
