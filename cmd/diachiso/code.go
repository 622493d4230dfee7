package main

import (
	"fmt"
	"strings"

	"diachiso/geo"
)

// codeCommand is arithmetic alone: no registry is asked.
type codeCommand struct {
	Input []string `arg:"" sep:"none" name:"code|lat lng" help:"A code, or latitude and longitude in degrees."`
}

// Run encodes two numbers or takes one code apart.
func (c *codeCommand) Run(s streams) error {
	code, err := c.code()
	if err != nil {
		return err
	}
	south, west, north, east := code.Bounds()
	centre := code.Centre()
	fmt.Fprintf(s.out, "code       %s\n", code)
	fmt.Fprintf(s.out, "formatted  %s\n", code.Grouped())
	if !code.IsDoor() {
		fmt.Fprintf(s.out, "door       %s\nunit       %d\n", code.Door(), code.Unit())
	}
	fmt.Fprintf(s.out, "plus code  %s\n", code.Plus())
	fmt.Fprintf(s.out, "centre     %s,%s (lat,lng)\n", geo.FormatE7(centre.Lat), geo.FormatE7(centre.Lng))
	fmt.Fprintf(s.out, "cell       %s to %s N, %s to %s E\n", south, north, west, east)
	return nil
}

func (c *codeCommand) code() (geo.Code, error) {
	if len(c.Input) == 2 { // the groups of a code are three or four
		p, err := geo.ParsePoint(c.Input[0], c.Input[1])
		if err != nil {
			return 0, err
		}
		return geo.Encode(p)
	}
	return onlyCode(strings.Join(c.Input, " "))
}

// onlyCode reads a text that must be an address code.
func onlyCode(input string) (geo.Code, error) {
	read, err := geo.Read(input, nil)
	if err != nil {
		return 0, err
	}
	for _, r := range read.All {
		if r.Scheme == geo.SchemeCode || r.Scheme == geo.SchemePlusCode || r.Scheme == geo.SchemePosition {
			return r.Code, nil
		}
	}
	return 0, fmt.Errorf("%s is a %s: only a registry can tell where it is (diachiso resolve)", input, read.All[0].Scheme)
}
