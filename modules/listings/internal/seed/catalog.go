package seed

// item is a kind of thing that is sold.
type item struct {
	name string
	// worth is what it fetches in ordinary shape, in hundredths of the currency's unit.
	worth int64
	// traits distinguish one from the other; each completes the title.
	traits []string
	// about is what its seller writes.
	about string
}

// catalog is what the sellers have.
var catalog = []item{
	{
		"Brass desk lamp", 62_00,
		[]string{"rewired", "with green glass shade", "from a railway office", "heavy foot"},
		"Stood on my grandfather's desk for forty years. The switch clicks as it should, and the brass has darkened evenly.",
	},
	{
		"Mechanical typewriter", 95_00,
		[]string{"portable, with case", "wide carriage", "new ribbon", "German keyboard"},
		"Every key strikes cleanly. I had it oiled last winter and have written nothing longer than a shopping list with it since.",
	},
	{
		"Rangefinder camera", 148_00,
		[]string{"with 45 mm lens", "light meter works", "in leather case", "serviced"},
		"Shutter times sound right at every setting. A test film is included, developed, so that you can judge for yourself.",
	},
	{
		"Acoustic guitar", 185_00,
		[]string{"spruce top", "small body", "left-handed", "with hard case"},
		"Warm and not too loud. It has one ding near the lower bout, which you can see but not hear.",
	},
	{
		"Touring bicycle", 320_00,
		[]string{"57 cm steel frame", "with hub dynamo", "three racks", "new chain and cassette"},
		"Ridden across two borders and well looked after. The tyres have one more summer in them.",
	},
	{
		"Pocket watch", 130_00,
		[]string{"silver case", "engraved 1911", "runs two minutes fast a day", "with chain"},
		"Found in a drawer, cleaned by a watchmaker, and too good to lie in a drawer again.",
	},
	{
		"Cast-iron pan", 38_00,
		[]string{"28 cm", "well seasoned", "with lid", "restored from rust"},
		"Nothing sticks. It weighs as much as it looks.",
	},
	{
		"Box of science fiction paperbacks", 24_00,
		[]string{"41 volumes", "mostly from the seventies", "some in French", "with a few doubles"},
		"From a flat that is being cleared. Spines are creased, as spines of books that were read are.",
	},
	{
		"Oak bookcase", 110_00,
		[]string{"five shelves", "glass doors", "taken apart for transport", "180 cm high"},
		"Solid, heavy, and without a single screw that does not belong there. To be collected by two people.",
	},
	{
		"Record player", 140_00,
		[]string{"belt drive", "new stylus", "with dust cover", "walnut plinth"},
		"Speed is steady; I checked with a disc. The belt was changed this spring.",
	},
	{
		"Set of chisels", 54_00,
		[]string{"six pieces", "boxwood handles", "in canvas roll", "freshly ground"},
		"They hold an edge. One handle has been replaced by me, and it is not the ugliest.",
	},
	{
		"Star atlas", 33_00,
		[]string{"epoch 1950", "linen cover", "with red notes of its owner", "large format"},
		"The stars have moved a little since, the drawings have not. No loose pages.",
	},
	{
		"Wool blanket", 45_00,
		[]string{"herringbone", "200 by 140", "never used", "grey and mustard"},
		"A present that was too warm for our flat. No moths, no smell, no story.",
	},
	{
		"Model locomotive", 88_00,
		[]string{"gauge H0", "in its box", "runs, lights do not", "with two coaches"},
		"Comes from a layout that had to make room for a child. The decoder is original.",
	},
	{
		"Garden bench", 75_00,
		[]string{"teak", "two seats", "weathered", "repaired armrest"},
		"It has seen rain and can take more of it. Bring a van, or a friend and a long rope.",
	},
	{
		"Chess set", 58_00,
		[]string{"weighted pieces", "with folding board", "boxwood and walnut", "one bishop glued"},
		"Played in a club until the club had fewer members than boards.",
	},
	{
		"Espresso pot", 19_00,
		[]string{"six cups", "new gasket", "aluminium", "with wooden handle"},
		"Makes coffee and, if you forget it, a noise.",
	},
	{
		"Sewing machine", 120_00,
		[]string{"with table", "eleven stitches", "foot pedal", "manual in Italian"},
		"Sews through denim without complaint. I sold my last curtains, so I sell this.",
	},
	{
		"Telescope", 210_00,
		[]string{"150 mm reflector", "with tripod", "three eyepieces", "collimated"},
		"Saturn's rings are clearly there. The box is long: 130 cm.",
	},
	{
		"Persian rug", 260_00,
		[]string{"hand-knotted", "190 by 125", "washed last year", "faded on one side"},
		"The sun has been at one corner, which now is the colour that people pay extra for.",
	},
	{
		"Enamel sign", 70_00,
		[]string{"of a bakery", "chipped at the holes", "60 by 40", "double-sided"},
		"It hung over a shop that sells telephones now.",
	},
	{
		"Field radio", 83_00,
		[]string{"receives short wave", "with canvas bag", "valves tested", "without battery"},
		"I hear half of the continent on it, and nothing that I understand.",
	},
	{
		"Fountain pen", 92_00,
		[]string{"gold nib, medium", "piston filler", "black and gold", "with box"},
		"Writes wet and without scratching. The previous owner signed with it and little else.",
	},
	{
		"Rucksack", 49_00,
		[]string{"60 litres", "with rain cover", "one trip old", "olive"},
		"One strap was shortened and can be lengthened again. It has been to the mountains once, as have I.",
	},
}

// more is what sellers add to any description.
var more = []string{
	"Collected in person, or sent insured.",
	"Questions are welcome before you bid, not after.",
	"From a home without smoke; there is a cat.",
	"Sold as it is, which is how the pictures show it.",
	"The buyer pays for the parcel, I pay for the string.",
	"",
}

// additions are what sellers find out later.
var additions = []string{
	"Somebody asked: yes, it is complete.",
	"I measured again: it is two centimetres shorter than I wrote.",
	"There is a fine scratch on the back that I had not seen.",
	"I can also bring it to the station on Saturdays.",
}
