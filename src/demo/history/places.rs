//! Where the invented customers live and what they are called there. Towns and postcodes are real, people and house
//! numbers are not.

/// A country of customers.
#[derive(Debug)]
pub struct Land {
    pub code: &'static str,
    /// How many of a hundred customers live here, roughly.
    pub weight: usize,
    pub first_names: &'static [&'static str],
    pub last_names: &'static [&'static str],
    pub towns: &'static [Town],
    /// The house number stands before the street.
    pub number_first: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Town {
    pub postcode: &'static str,
    pub city: &'static str,
    /// Only where the country writes it.
    pub region: &'static str,
    pub streets: &'static [&'static str],
    /// Parcels go by ship.
    pub is_island: bool,
}

const fn town(postcode: &'static str, city: &'static str, streets: &'static [&'static str]) -> Town {
    Town { postcode, city, region: "", streets, is_island: false }
}

impl Town {
    const fn within(self, region: &'static str) -> Self {
        Self { region, ..self }
    }

    const fn island(self) -> Self {
        Self { is_island: true, ..self }
    }
}

pub const LANDS: [Land; 13] = [
    Land {
        code: "IE",
        weight: 30,
        first_names: &["Aoife", "Ciarán", "Niamh", "Eoin", "Sinéad", "Róisín", "Declan", "Orla", "Fergal", "Gráinne", "Maeve", "Tadhg"],
        last_names: &["Byrne", "Gallagher", "Walsh", "Moran", "Keane", "Flanagan", "Duffy", "Lavelle", "Brennan", "Nolan", "Healy", "Quinn"],
        towns: &[
            town("D06 K7X2", "Dublin 6", &["Rathgar Avenue", "Grosvenor Square", "Kenilworth Road"]),
            town("D08 R2V6", "Dublin 8", &["Synge Street", "Heytesbury Street", "Clanbrassil Terrace"]),
            town("H91 W2XK", "Galway", &["Nuns Island", "Lower Salthill", "Dominick Street"]).within("Co. Galway"),
            town("F28 A4P9", "Westport", &["Altamount Street", "Peter Street"]).within("Co. Mayo"),
            town("T12 F8N3", "Cork", &["Douglas Street", "Sunday's Well Road", "Barrack Street"]).within("Co. Cork"),
            town("V94 H6T1", "Limerick", &["Barrington Street", "O'Connell Avenue"]).within("Co. Limerick"),
            town("F91 C3Y8", "Sligo", &["Wine Street", "Temple Street"]).within("Co. Sligo"),
        ],
        number_first: true,
    },
    Land {
        code: "DE",
        weight: 22,
        first_names: &["Hanna", "Jonas", "Miriam", "Karsten", "Lena", "Matthias", "Ulrike", "Felix", "Sabine", "Ole", "Johanna", "Tobias"],
        last_names: &["Albers", "Brandt", "Dietrich", "Engel", "Hartmann", "Kessler", "Lorenz", "Petersen", "Reimann", "Sommer", "Vogt", "Winkler"],
        towns: &[
            town("10997", "Berlin", &["Wrangelstraße", "Pücklerstraße", "Muskauer Straße"]),
            town("22765", "Hamburg", &["Bahrenfelder Straße", "Eulenstraße", "Große Brunnenstraße"]),
            town("80469", "München", &["Klenzestraße", "Reichenbachstraße"]),
            town("50674", "Köln", &["Lindenstraße", "Engelbertstraße"]),
            town("04229", "Leipzig", &["Karl-Heine-Straße", "Zschochersche Straße"]),
            town("72070", "Tübingen", &["Haaggasse", "Neckarhalde"]),
        ],
        number_first: false,
    },
    Land {
        code: "FR",
        weight: 10,
        first_names: &["Camille", "Hugo", "Élodie", "Mathieu", "Solène", "Antoine", "Margaux", "Yann"],
        last_names: &["Bernard", "Chevalier", "Fontaine", "Garnier", "Lemoine", "Marchand", "Perrin", "Le Goff"],
        towns: &[
            town("75011", "Paris", &["Rue de la Folie Méricourt", "Rue Oberkampf"]),
            town("44000", "Nantes", &["Rue Crébillon", "Rue Kervégan"]),
            town("69004", "Lyon", &["Rue du Mail", "Rue d'Ivry"]),
            town("29200", "Brest", &["Rue de Siam", "Rue Jean Jaurès"]),
        ],
        number_first: true,
    },
    Land {
        code: "NL",
        weight: 8,
        first_names: &["Femke", "Sander", "Lotte", "Jeroen", "Marieke", "Bram", "Anouk"],
        last_names: &["de Vries", "Bakker", "Visser", "Mulder", "Dekker", "van Dijk", "Hoekstra"],
        towns: &[
            town("1072 LH", "Amsterdam", &["Frans Halsstraat", "Gerard Doustraat"]),
            town("3512 JE", "Utrecht", &["Oudegracht", "Lange Nieuwstraat"]),
            town("9711 PA", "Groningen", &["Oude Boteringestraat", "Kleine Peperstraat"]),
        ],
        number_first: false,
    },
    Land {
        code: "BE",
        weight: 4,
        first_names: &["Amélie", "Wout", "Lieselot", "Bastien", "Joke"],
        last_names: &["Peeters", "Claes", "Lambert", "Wouters", "Renard"],
        towns: &[town("9000", "Gent", &["Sint-Jacobsnieuwstraat", "Onderbergen"]), town("1050", "Bruxelles", &["Rue du Page", "Rue Américaine"])],
        number_first: false,
    },
    Land {
        code: "AT",
        weight: 4,
        first_names: &["Magdalena", "Florian", "Veronika", "Lukas", "Theresa"],
        last_names: &["Gruber", "Steiner", "Moser", "Haslinger", "Leitner"],
        towns: &[town("1070", "Wien", &["Neubaugasse", "Kirchengasse"]), town("8010", "Graz", &["Sporgasse", "Zinzendorfgasse"])],
        number_first: false,
    },
    Land {
        code: "ES",
        weight: 5,
        first_names: &["Lucía", "Javier", "Marta", "Íñigo", "Carmen", "Pau"],
        last_names: &["Ibáñez", "Navarro", "Serra", "Molina", "Vidal", "Ortega"],
        towns: &[
            town("28004", "Madrid", &["Calle de San Andrés", "Calle de la Palma"]).within("Madrid"),
            town("08003", "Barcelona", &["Carrer dels Carders", "Carrer de la Princesa"]).within("Barcelona"),
            town("07001", "Palma", &["Carrer de Sant Feliu", "Carrer de la Concepció"]).within("Illes Balears").island(),
        ],
        number_first: false,
    },
    Land {
        code: "IT",
        weight: 5,
        first_names: &["Giulia", "Marco", "Chiara", "Davide", "Elisa", "Tommaso"],
        last_names: &["Ferrari", "Conti", "Galli", "Marchetti", "Rinaldi", "Sanna"],
        towns: &[
            town("20144", "Milano", &["Via Tortona", "Via Vigevano"]).within("MI"),
            town("40125", "Bologna", &["Via San Vitale", "Strada Maggiore"]).within("BO"),
            town("09124", "Cagliari", &["Via Portoscalas", "Via Azuni"]).within("CA").island(),
        ],
        number_first: false,
    },
    Land {
        code: "SE",
        weight: 4,
        first_names: &["Elin", "Gustav", "Astrid", "Oskar", "Linnea"],
        last_names: &["Lindqvist", "Sandberg", "Ekström", "Nyström", "Holm"],
        towns: &[town("116 46", "Stockholm", &["Bondegatan", "Skånegatan"]), town("413 01", "Göteborg", &["Haga Nygata", "Landsvägsgatan"])],
        number_first: false,
    },
    Land {
        code: "DK",
        weight: 3,
        first_names: &["Freja", "Mads", "Signe", "Rasmus"],
        last_names: &["Kjær", "Mortensen", "Bach", "Winther"],
        towns: &[town("2200", "København N", &["Blågårdsgade", "Elmegade"]), town("8000", "Aarhus C", &["Mejlgade", "Vestergade"])],
        number_first: false,
    },
    Land {
        code: "FI",
        weight: 2,
        first_names: &["Aino", "Mikael", "Veera", "Juhani"],
        last_names: &["Koskinen", "Laine", "Salonen", "Virtala"],
        towns: &[town("00500", "Helsinki", &["Vaasankatu", "Fleminginkatu"])],
        number_first: false,
    },
    Land {
        code: "PL",
        weight: 2,
        first_names: &["Zofia", "Tomasz", "Agnieszka", "Marcin"],
        last_names: &["Zielińska", "Wrona", "Sikora", "Kaczmarek"],
        towns: &[town("31-056", "Kraków", &["ul. Józefa", "ul. Szeroka"])],
        number_first: false,
    },
    Land {
        code: "PT",
        weight: 2,
        first_names: &["Inês", "Duarte", "Mariana", "Rui"],
        last_names: &["Carvalho", "Nogueira", "Pinto", "Sequeira"],
        towns: &[town("1200-273", "Lisboa", &["Rua da Esperança", "Rua das Janelas Verdes"])],
        number_first: false,
    },
];
