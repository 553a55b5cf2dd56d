//! The families of Larkfield, one a line: their name, the language at home where it is not English, the adults, the children and their year.
//!
//! All of them are invented.

use crate::people::Kinship::{self, Carer, Parent, Relative};
use Home::{Both, Elsewhere, Here};

/// A family.
pub(super) struct Family {
    pub(super) name: &'static str,
    /// Empty where it is English.
    pub(super) language: &'static str,
    /// First name, what they are to the children, where they live.
    pub(super) adults: &'static [(&'static str, Kinship, Home)],
    /// First name and year group.
    pub(super) children: &'static [(&'static str, i8)],
}

/// Where an adult lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// With the children.
    Here,
    /// In another home, where the children do not live.
    Elsewhere,
    /// In another home, where the children live too.
    Both,
}

macro_rules! families {
    ($($name:literal $language:literal: $($adult:literal $kinship:ident $home:ident),+ => $($child:literal $year:literal),+;)+) => {
        pub(super) const FAMILIES: &[Family] = &[$(Family {
            name: $name,
            language: $language,
            adults: &[$(($adult, $kinship, $home)),+],
            children: &[$(($child, $year)),+],
        }),+];
    };
}

families! {
    "Abara" "Igbo": "Chidi" Parent Here, "Ngozi" Parent Here => "Zuri" 0, "Kelechi" 5;
    "Achterberg" "": "Joris" Parent Here, "Saskia" Parent Here => "Fenna" 0;
    "Alder" "": "Tom" Parent Here, "Nia" Parent Elsewhere => "Poppy" 0, "Jasper" 3;
    "Amsel" "German": "Jonas" Parent Here, "Greta" Parent Here => "Lotte" 0;
    "Anwar" "Urdu": "Bilal" Parent Here, "Sana" Parent Here => "Zara" 0, "Haris" 2;
    "Aspen" "": "Kerry" Parent Here => "Finn" 0;
    "Balogun" "Yoruba": "Tunde" Parent Here, "Folake" Parent Here => "Temi" 0;
    "Baptiste" "": "Marcel" Parent Here, "Joy" Parent Here => "Noel" 0, "Celeste" 4;
    "Bellamy" "": "Rose" Parent Here, "Ian" Parent Elsewhere => "Ivy" 0;
    "Birch" "": "Carys" Parent Here, "Huw" Parent Here => "Eira" 0;
    "Bramble" "": "Edie" Carer Here => "Toby" 0;
    "Campion" "": "Lucy" Parent Here, "Mark" Parent Here => "Robin" 0, "Hazel" 6;
    "Chaudhry" "Punjabi": "Imran" Parent Here, "Noor" Parent Here => "Aaliyah" 0;
    "Clover" "": "Beth" Parent Here, "Sue" Parent Here => "Wilf" 0;
    "Coriander" "": "Priya" Parent Here, "Sam" Parent Here => "Mira" 0;
    "Dabrowski" "Polish": "Piotr" Parent Here, "Anna" Parent Here => "Zofia" 0;
    "Fennel" "": "Jo" Parent Here => "Otis" 0;
    "Ferreira" "Portuguese": "Rui" Parent Here, "Ines" Parent Here => "Tiago" 0, "Marta" 2;
    "Finch" "": "Alice" Parent Here, "Ben" Parent Elsewhere => "Wren" 0;
    "Gorse" "": "Kim" Parent Here, "Lee" Parent Here => "Maisie" 0;
    "Haddad" "Arabic": "Karim" Parent Here, "Layla" Parent Here => "Yusuf" 0;
    "Hawthorn" "": "Ruth" Parent Here, "Paul" Parent Here => "Albie" 0;
    "Heather" "": "Morag" Parent Here => "Isla" 0;
    "Hollis" "": "Grace" Parent Here, "Dan" Parent Here => "Elsie" 0;
    "Ibekwe" "Igbo": "Emeka" Parent Here, "Ada" Parent Here => "Obi" 0;
    "Juniper-Lane" "": "Martha" Parent Here => "Alfie" 0;
    "Kaur" "Punjabi": "Gurpreet" Parent Here, "Harleen" Parent Here => "Simran" 0, "Jasleen" 2;
    "Kowalczyk" "Polish": "Marek" Parent Here, "Ewa" Parent Here => "Kuba" 0;
    "Lapwing" "": "Joan" Relative Here, "Kate" Parent Elsewhere => "Bonnie" 0;
    "Linden" "": "Clara" Parent Here, "Hugo" Parent Here => "Edith" 0;
    "Mallow" "": "Tess" Parent Here => "Pip" 1;
    "Marigold" "": "Fay" Parent Here, "Gus" Parent Here => "Tansy" 1;
    "Mbeki" "": "Thabo" Parent Here, "Lindiwe" Parent Here => "Sipho" 1;
    "Meadows" "": "Dot" Parent Here, "Roy" Parent Elsewhere => "Bea" 1;
    "Nguyen" "Vietnamese": "Minh" Parent Here, "Lan" Parent Here => "Linh" 1;
    "Novak" "Czech": "Jan" Parent Here, "Eva" Parent Here => "Matyas" 1;
    "Oakley" "": "Sally" Parent Here, "Vic" Parent Here => "Gwen" 1;
    "Okonjo" "": "Peter" Parent Here, "Ruth" Parent Here => "Sade" 1;
    "Osei" "Twi": "Kofi" Parent Here, "Abena" Parent Here => "Esi" 1;
    "Patel" "Gujarati": "Nikhil" Parent Here, "Dhara" Parent Here => "Kavya" 1;
    "Peregrine" "": "Anya" Parent Here => "Rory" 2;
    "Petrov" "Bulgarian": "Ivan" Parent Here, "Vesela" Parent Here => "Mila" 2;
    "Pimpernel" "": "Nell" Parent Here, "Stan" Parent Here => "Dotty" 2;
    "Plover" "": "Liz" Parent Here, "Amy" Parent Here => "Frankie" 2;
    "Quince" "": "Barnaby" Parent Here, "Olive" Parent Both => "Kit" 2;
    "Rahman" "Bengali": "Faisal" Parent Here, "Nasrin" Parent Here => "Ayaan" 2;
    "Redwood" "": "Cass" Parent Here, "Will" Parent Here => "Daisy" 2;
    "Rossi" "Italian": "Luca" Parent Here, "Giulia" Parent Here => "Nina" 2;
    "Rowntree" "": "Fern" Parent Here => "Teddy" 2;
    "Rush" "": "Bo" Parent Here, "May" Parent Here => "Lark" 2;
    "Sage" "": "Holly" Parent Here, "Max" Parent Here => "Basil" 2;
    "Said" "Somali": "Abdi" Parent Here, "Hodan" Parent Here => "Amina" 2;
    "Santos" "Portuguese": "Paulo" Parent Here, "Lia" Parent Here => "Rafa" 2;
    "Sedge" "": "Ash" Parent Here, "Meg" Parent Here => "Nettie" 2;
    "Shah" "Gujarati": "Amit" Parent Here, "Hetal" Parent Here => "Dev" 2;
    "Sharma" "Hindi": "Rohan" Parent Here, "Neha" Parent Here => "Tara" 2;
    "Skylark" "": "Penny" Parent Here, "Ned" Parent Elsewhere => "Josie" 2;
    "Sorrel" "": "Jane" Parent Here, "Phil" Parent Here => "Monty" 2;
    "Starling" "": "Ellen" Parent Here, "Rhys" Parent Here => "Mali" 2;
    "Swift" "": "Tracy" Parent Here => "Bobby" 2;
    "Tamarind" "": "Leah" Parent Here, "Noah" Parent Here => "Zeke" 2;
    "Tanaka" "Japanese": "Kenji" Parent Here, "Yuki" Parent Here => "Hana" 2;
    "Thistle" "": "Ailsa" Parent Here, "Rab" Parent Here => "Fergus" 2;
    "Thyme" "": "Vera" Carer Here, "Otto" Carer Here => "Cleo" 2;
    "Tran" "Vietnamese": "Duc" Parent Here, "Mai" Parent Here => "Bao" 2;
    "Usman" "Hausa": "Musa" Parent Here, "Zainab" Parent Here => "Hauwa" 2;
    "Verbena" "": "Iris" Parent Here => "Arlo" 2;
    "Vetch" "": "Gail" Parent Here, "Ross" Parent Here => "Minnie" 3;
    "Wagtail" "": "Jean" Parent Here, "Colm" Parent Both => "Orla" 3;
    "Walker-Wu" "Cantonese": "Jin" Parent Here, "Sarah" Parent Here => "Mei" 3;
    "Whinchat" "": "Nora" Parent Here => "Seth" 3;
    "Willow" "": "Dawn" Parent Here, "Kev" Parent Here => "Lily" 3;
    "Woodruff" "": "Ann" Parent Here, "Joe" Parent Here => "Caleb" 3;
    "Yarrow" "": "Jo" Parent Here, "Kit" Parent Here => "Juniper" 5, "Sorrel" 3;
    "Yilmaz" "Turkish": "Emre" Parent Here, "Ayse" Parent Here => "Defne" 3;
    "Zielinski" "Polish": "Adam" Parent Here, "Magda" Parent Here => "Oskar" 3;
    "Zinnia" "": "Hope" Parent Here => "Ezra" 3;
    "Bracken" "": "Una" Parent Here, "Cal" Parent Elsewhere => "Nevin" 4;
    "Burdock" "": "Lorna" Parent Here, "Ted" Parent Here => "Elsa" 4;
    "Chervil" "": "Babs" Parent Here => "Ollie" 4;
    "Cowslip" "": "Greg" Parent Here, "Tina" Parent Here => "Ned" 4;
    "Demir" "Turkish": "Can" Parent Here, "Elif" Parent Here => "Deniz" 4;
    "Elder" "": "Ivor" Parent Here, "Megan" Parent Here => "Seren" 4;
    "Farouk" "Arabic": "Omar" Parent Here, "Salma" Parent Here => "Laith" 4;
    "Foxglove" "": "Jess" Parent Here, "Nat" Parent Here => "Tilly" 4;
    "Ghosh" "Bengali": "Arjun" Parent Here, "Mitali" Parent Here => "Rumi" 4;
    "Ragwort" "": "Kit" Parent Here, "Sam" Parent Elsewhere => "Rowan" 5;
    "Hassan" "Somali": "Warsame" Parent Here, "Ifrah" Parent Here => "Ilhan" 5;
    "Hyssop" "": "Peg" Parent Here, "Bill" Parent Here => "Martin" 5;
    "Ivanova" "Ukrainian": "Olena" Parent Here, "Taras" Parent Here => "Danylo" 5;
    "Kestrel" "": "Moira" Parent Here => "Skye" 5;
    "Larch" "": "Gina" Parent Here, "Al" Parent Here => "Archie" 5;
    "Lovage" "": "Tamsin" Parent Here, "Jago" Parent Here => "Kerensa" 5;
    "Mensah" "Twi": "Yaw" Parent Here, "Akua" Parent Here => "Kojo" 5;
    "Myrtle" "": "Fran" Parent Here, "Deb" Parent Here => "Percy" 6;
    "Nightingale" "": "Flo" Parent Here, "Art" Parent Elsewhere => "Jude" 6;
    "Okafor" "Igbo": "Uche" Parent Here, "Ify" Parent Here => "Chiamaka" 6;
    "Parsley" "": "Wendy" Parent Here => "Ralph" 6;
    "Popescu" "Romanian": "Andrei" Parent Here, "Ioana" Parent Here => "Matei" 6;
    "Reed" "": "Hannah" Parent Here, "Tim" Parent Here => "Eden" 6;
    "Silva" "Portuguese": "Bruno" Parent Here, "Rita" Parent Here => "Leonor" 6;
    "Tansy-Cole" "": "Viv" Parent Here, "Rob" Parent Here => "Jem" 6;
    "Wren-Jones" "": "Bronwen" Parent Here, "Emyr" Parent Here => "Gethin" 6;
}
