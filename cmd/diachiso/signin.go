package main

import (
	"net/url"
	"strings"
)

// signIn are the settings of how people sign in.
type signIn struct {
	PublicURL string `name:"public-url" env:"DIACHISO_PUBLIC_URL" placeholder:"URL" help:"Where people reach the server: https://…, without a path."`
}

// check refuses settings that can't work, before anybody tries to sign in.
func (s signIn) check() error {
	if err := checkURL("--public-url", s.PublicURL); err != nil {
		return err
	}
	if u, err := url.Parse(s.PublicURL); err == nil && strings.Trim(u.Path+u.RawQuery+u.Fragment, "/") != "" || strings.HasSuffix(s.PublicURL, "/") {
		return usagef("--public-url: leave out what stands behind the host")
	}
	return nil
}

// checkURL takes the URL of a server that people go to.
func checkURL(flag, text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return usagef("%s: write it as https://host", flag)
	}
	return nil
}
