package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// featureContract is the part of openapi.yaml that OGC API Features is, as
// OpenAPI 3.0: paths below /ogc and the components that they need. withServer
// completes it.
func featureContract() (map[string]any, error) {
	body, err := contractJSON()
	if err != nil {
		return nil, err
	}
	whole := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&whole); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	paths := map[string]any{}
	for path, item := range memberOf(whole, "paths") {
		if below, ours := strings.CutPrefix(path, ogcPattern); ours && below != "" {
			paths[below] = item
		}
	}
	components := map[string]any{}
	collectComponents(paths, memberOf(whole, "components"), components)
	info := memberOf(whole, "info")
	document := map[string]any{
		"openapi": "3.0.3", "paths": paths, "components": components,
		"info": map[string]any{"title": landingTitle, "description": landingText, "version": info["version"],
			"license": map[string]any{"name": memberOf(info, "license")["name"]}},
		"tags": []any{map[string]any{"name": "ogc"}},
	}
	downgrade(paths)
	downgrade(components)
	return document, nil
}

// withServer is the document for those who ask at an address.
func withServer(document map[string]any, base string) ([]byte, error) {
	complete := maps.Clone(document)
	complete["servers"] = []any{map[string]any{"url": base}}
	body, err := json.Marshal(complete)
	if err != nil {
		return nil, fmt.Errorf("write the document of OGC API Features: %w", err)
	}
	return body, nil
}

func memberOf(in map[string]any, name string) map[string]any {
	member, _ := in[name].(map[string]any)
	return member
}

// collectComponents copies what a value refers to, and what that refers to.
func collectComponents(value any, from, into map[string]any) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			collectComponents(element, from, into)
		}
	case map[string]any:
		if ref, is := v["$ref"].(string); is {
			collectComponent(strings.Split(ref, "/"), from, into)
		}
		for _, member := range v {
			collectComponents(member, from, into)
		}
	}
}

// collectComponent copies the component of a path "#", "components", kind, name.
func collectComponent(ref []string, from, into map[string]any) {
	kind, name := ref[2], ref[3]
	if memberOf(into, kind)[name] != nil {
		return
	}
	if into[kind] == nil {
		into[kind] = map[string]any{}
	}
	component := memberOf(from, kind)[name]
	memberOf(into, kind)[name] = component
	collectComponents(component, from, into)
}

// downgrade says in OpenAPI 3.0 what openapi.yaml says in 3.1: constants, types
// with null, limits that are excluded, and nothing beside a reference.
func downgrade(value any) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			downgrade(element)
		}
	case map[string]any:
		downgradeSchema(v)
		for name, member := range v {
			if name != "examples" { // values, not schemas
				downgrade(member)
			}
		}
	}
}

func downgradeSchema(s map[string]any) {
	delete(s, "unevaluatedProperties") // 3.0 can't say that nothing else is in an allOf
	if ref, is := s["$ref"].(string); is {
		clear(s)
		s["$ref"] = ref
	}
	if constant, is := s["const"]; is {
		delete(s, "const")
		s["enum"] = []any{constant}
	}
	if types, is := s["type"].([]any); is && len(types) == 2 && types[1] == "null" {
		s["type"], s["nullable"] = types[0], true
	}
	for excluded, limit := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		if number, is := s[excluded].(json.Number); is {
			s[limit], s[excluded] = number, true
		}
	}
}
