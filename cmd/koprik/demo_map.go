package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"koprik/mahalla"
	"koprik/storage"
)

// outline is where one place of the demo lies.
type outline struct {
	Code  string                `json:"code"`
	Kind  mahalla.TerritoryKind `json:"kind"`
	Name  names                 `json:"name,omitempty"`
	Rings [][][2]float64        `json:"rings"` // longitude first, the outer ring first
}

// demoOutlines reads the map of the invented district.
func demoOutlines() ([]outline, error) {
	raw, err := storage.DemoBoundaries()
	if err != nil {
		return nil, err
	}
	var file struct {
		Features []struct {
			Properties struct {
				Code string                `json:"code"`
				Kind mahalla.TerritoryKind `json:"kind"`
			} `json:"properties"`
			Geometry struct {
				Coordinates [][][2]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, fmt.Errorf("the demo's boundaries: %w", err)
	}
	var list []outline
	for _, f := range file.Features {
		list = append(list, outline{Code: f.Properties.Code, Kind: f.Properties.Kind, Rings: f.Geometry.Coordinates})
	}
	return list, nil
}

// districtMap tells the page what to draw for the pins.
func (d *demo) districtMap(w http.ResponseWriter, _ *http.Request) {
	h := d.house.Load()
	list, err := demoOutlines()
	if err != nil || h == nil {
		http.Error(w, "there is no map yet", http.StatusServiceUnavailable)
		return
	}
	for i := range list {
		list[i].Name = h.namesOf(list[i].Code)
	}
	reply(w, list)
}

// settleIn lets everybody stand in the middle of the own territory, each a few
// steps from the others, so that a location sent from there is in it.
func (d *demo) settleIn() error {
	list, err := demoOutlines()
	if err != nil {
		return err
	}
	for i, p := range d.stage.People {
		for _, o := range list {
			if o.Code == p.Home {
				lat, lon := o.middle()
				const step = 0.0007 // degrees, some 70 m
				d.telegram.User(p.Key).At(lat+step*float64(i%4-2), lon+step*float64(i%3-1))
			}
		}
	}
	return nil
}

// middle is that of the box around the place.
func (o outline) middle() (lat, lon float64) {
	low, high := o.Rings[0][0], o.Rings[0][0]
	for _, point := range o.Rings[0] {
		for i, v := range point {
			low[i], high[i] = min(low[i], v), max(high[i], v)
		}
	}
	return (low[1] + high[1]) / 2, (low[0] + high[0]) / 2
}
