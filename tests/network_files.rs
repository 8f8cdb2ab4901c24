//! Networks from files: GraphML, and choosing among rows.

mod common;

use common::Home;
use groundswell::experiment::ensemble;
use groundswell::network::Given;
use groundswell::population::read::Plan;
use groundswell::scenario::{self, Problems, TieKind};
use proptest::prelude::*;

const PEOPLE: &str = "id,area,age,sex\nann,a,34,women\nbob,a,70,men\ncat,b,16-29,women\ndan,b,50,men\n";

const TOWN: &str = "[scenario]\nweeks = 5\nspin_up = 5\n[services.hall]\nkind = \"civic\"\n\
                    [population.residents]\nfile = \"people.csv\"\n";

/// As igraph writes it: nodes with numbers and a name, edges with a weight and a relation.
const GRAPH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="v_name" for="node" attr.name="name" attr.type="string"/>
  <key id="e_weight" for="edge" attr.name="weight" attr.type="double"><default>0.25</default></key>
  <key id="e_rel" for="edge" attr.name="relation" attr.type="string"/>
  <key id="e_kind" for="edge" attr.name="kind" attr.type="string"/>
  <graph id="G" edgedefault="directed">
    <edge source="n0" target="n1"><data key="e_weight">0.5</data><data key="e_rel">kin</data></edge>
    <node id="n0"><data key="v_name">ann</data></node>
    <node id="n1"><data key="v_name">bob</data></node>
    <node id="n2"><data key="v_name"><![CDATA[cat]]></data></node>
    <node id="n3"><data key="v_name">d&#97;n</data></node>
    <node id="n4"><data key="v_name">R&amp;B</data></node>
    <edge source="n1" target="n0"><data key="e_weight"> 0.75 </data><data key="e_rel">kin</data></edge>
    <edge source="n2" target="n3"><data key="e_rel">kin</data><data key="e_kind">made</data></edge>
    <edge source="n0" target="n3"><data key="e_rel">debt</data></edge>
    <edge source="n0" target="n4"><data key="e_rel">kin</data></edge>
  </graph>
</graphml>
"#;

const MAPPED: &str = "[network.graphml]\nfile = \"graph.xml\"\ncolumns = { id = \"name\", strength = \"weight\" }\n\
                      where = { relation = [\"kin\"] }\noutside = \"drop\"\n";

fn home(network: &str, graph: &str) -> Home {
    Home::with(&[("plan.toml", &format!("{TOWN}{network}")), ("people.csv", PEOPLE), ("graph.xml", graph)])
}

fn read(home: &Home) -> Result<Given, Problems> {
    let scenario = scenario::load(&home.path("plan.toml"), &[], &[])?;
    let town = ensemble::town(&scenario, Plan::read(&scenario)?)?;
    ensemble::given_network(&scenario, &town).map(Option::unwrap_or_default)
}

/// Ends, strengths and kinds of the ties read.
fn ties(given: &Given) -> Vec<(u32, u32, f32, TieKind)> {
    given.edges.iter().map(|edge| (edge.a, edge.b, edge.strength.share(), edge.kind)).collect()
}

#[test]
fn a_graph_is_read_by_key_with_defaults_filter_and_directions_merged() {
    let given = read(&home(MAPPED, GRAPH)).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(ties(&given), [(0, 1, 0.75, TieKind::Lasting), (2, 3, 0.25, TieKind::Made)]);
    assert_eq!((given.merged, given.dropped, given.left_out), (1, 1, 1));
}

#[test]
fn nodes_go_by_their_own_ids_where_no_key_is_named() {
    let graph = "<graphml><graph edgedefault='undirected'><node id='ann'/><node id='cat'></node>\
                 <edge source='cat' target='ann'/></graph></graphml>";
    let given = read(&home("[network.graphml]\nfile = \"graph.xml\"\nstrength = 0.5\nkind = \"neighbour\"\n", graph));
    let given = given.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(ties(&given), [(0, 2, 0.5, TieKind::Neighbour)]);
}

#[test]
fn a_run_on_a_graph_says_what_it_merged_and_can_be_done_again() {
    let home = home(MAPPED, GRAPH);
    home.run(&["check", "plan.toml"]).gives(0).says(&["about 2 at the start", "1 row of the list of ties repeated"]);
    home.run(&["run", "plan.toml", "--quiet"]).gives(0);
    let page = home.read("outputs/plan/report.html");
    for words in ["left out by `where`", "not among the residents, and was dropped", "and was merged"] {
        assert!(page.contains(words), "{words}");
    }
    home.run(&["verify", "outputs/plan", "--again"]).gives(0);
}

/// `check` refuses a graph, in which one text was replaced by another, with these words.
#[track_caller]
fn refused(from: &str, to: &str, words: &[&str]) {
    assert!(GRAPH.contains(from));
    home(MAPPED, &GRAPH.replacen(from, to, 1)).refuses(&["check", "plan.toml"], 3, words);
}

#[test]
fn what_is_wrong_with_a_graph_is_named_with_line_and_column() {
    refused("target=\"n3\"", "target=\"n9\"", &["there is no node `n9`", "graph.xml:16:5"]);
    refused("0.75", "7.5", &["`7.5` is no strength", "graph.xml:15:5", "a number from 0 to 1"]);
    refused(">made<", ">mde<", &["`mde` is not known here", "graph.xml:16:5", "lasting, neighbour, made"]);
    refused("target=\"n0\"", "target=\"n1\"", &["a tie of `n1` to itself", "graph.xml:15:5"]);
    refused("<node id=\"n1\"", "<node id=\"n0\"", &["`bob` stands twice", "graph.xml:11:5"]);
    refused(">bob<", ">ann<", &["`ann` stands twice", "graph.xml:11:5"]);
    refused(">bob<", "> <", &["the node `n1` does not say who it is", "graph.xml:11:5"]);
    refused(" target=\"n1\"", "", &["`edge` has no attribute `target`", "graph.xml:9:5"]);
    refused("<data key=\"e_kind\">", "<data key=\"d7\">", &["there is no key `d7`", "graph.xml:16:63"]);
    refused("\"weight\"", "\"wieght\"", &["there is no key `weight` for edges; the nearest is `wieght`", "graph.xml"]);
    refused("attr.name=\"relation\"", "attr.name=\"type\"", &["there is no key `relation` for edges"]);
    refused("<graphml xmlns", "<svg xmlns", &["this is not GraphML: its first element is `svg`", "graph.xml:3:1"]);
    refused("</node>", "</nod>", &["graph.xml:10", "no sound XML"]);
    refused("R&amp;B", "R&b;", &["&b; is not known", "graph.xml:14"]);
    refused("</graph>\n</graphml>", "", &["the file ends within `graph`", "was it cut off?"]);
    refused("</graph>", "<hyperedge/></graph>", &["edges of more than two ends cannot be read", "graph.xml:19"]);
    refused("source=\"n0\" target=\"n1\"", "source=\"n0\" target", &["graph.xml:9", "no sound XML"]);
    for (graph, words) in [("", "no GraphML in this file"), ("id,a\n", "no GraphML in this file"), ("<", "sound XML")] {
        home(MAPPED, graph).refuses(&["check", "plan.toml"], 3, &[words, "graph.xml:1"]);
    }
    let strict = MAPPED.replace("drop", "refuse");
    home(&strict, GRAPH).refuses(&["run", "plan.toml"], 3, &["the node `n4` is no resident", "graph.xml:18:5"]);
    let none = MAPPED.replace("id = \"name\", ", "");
    home(&none, GRAPH).refuses(&["run", "plan.toml"], 3, &["no tie is left: all 4 name somebody"]);
    let typed = MAPPED.replace("[\"kin\"]", "[\"kni\"]");
    home(&typed, GRAPH).refuses(&["run", "plan.toml"], 3, &["key `relation`: no row has `kni`", "did you mean `kin`?"]);
}

#[test]
fn a_graph_in_one_long_line_is_not_printed_whole() {
    let nodes: String = (0..20_000).map(|n| format!("<node id=\"n{n}\"/>")).collect();
    let graph = format!("<graphml><graph>{nodes}<edge source=\"n7\" target=\"x\"/></graph></graphml>");
    let home = home("[network.graphml]\nfile = \"graph.xml\"\n", &graph);
    let said = home.refuses(&["check", "plan.toml"], 3, &["there is no node `x`"]);
    assert!(said.err.len() < 4000, "{} bytes were printed", said.err.len());
}

// Choosing rows.

const LIST: &str = "from,to,relation,year\nann,bob,kin,1\nbob,ann,debt,1\ncat,dan,kin,2\nann,eve,kin,1\n";

fn list(more: &str) -> Home {
    let network = format!("[network.edges]\nfile = \"ties.csv\"\ncolumns = {{ a = \"from\", b = \"to\" }}\n{more}\n");
    let home = home(&network, "");
    home.write("ties.csv", LIST);
    home
}

#[test]
fn rows_are_taken_that_have_one_of_the_values_in_every_column_named() {
    let taken = |more: &str| {
        let given = read(&list(more)).unwrap_or_else(|problems| panic!("{problems}"));
        (given.edges.len(), given.merged, given.dropped, given.left_out)
    };
    let drop = "outside = \"drop\"\n";
    assert_eq!(taken(drop), (2, 1, 1, 0));
    assert_eq!(taken(&format!("{drop}where = {{ relation = [\"kin\"] }}")), (2, 0, 1, 1));
    assert_eq!(taken(&format!("{drop}where = {{ relation = [\"kin\", \"debt\"], year = [1] }}")), (1, 1, 1, 1));
    assert_eq!(taken("where = { year = [\"2\"] }"), (1, 0, 0, 3));
}

#[test]
fn a_filter_that_fits_nothing_is_refused() {
    let refused = |more: &str, words: &[&str]| drop(list(more).refuses(&["check", "plan.toml"], 3, words));
    refused("where = { realtion = [\"kin\"] }", &["no column `realtion`; the nearest is `relation`", "ties.csv:1"]);
    refused("where = { relation = [\"kni\"] }", &["no row has `kni` here", "did you mean `kin`?", "column `relation`"]);
    refused("where = { relation = [\"debt\"], year = [2] }", &["`where` leaves none of the 4 rows"]);
    refused(
        "where = { relation = \"kin\" }",
        &["`network.edges.where.relation` must be a list of texts", "plan.toml:11"],
    );
    refused("where = [\"kin\"]", &["must be a table of lists of texts", "{ column = [\"this\", \"that\"] }"]);
    refused("where = { relation = [0.5] }", &["`network.edges.where.relation` must be a text"]);
    refused("outside = \"ignore\"", &["`ignore` is not known", "refuse", "drop"]);
    refused("", &["there is no resident `eve`", "ties.csv:5", "outside = \"drop\""]);
}

#[test]
fn residents_are_chosen_the_same_way_and_codes_for_no_answer_are_empty() {
    let check = |more: &str| {
        let home =
            Home::with(&[("plan.toml", &format!("{TOWN}{more}\n")), ("people.csv", &PEOPLE.replace("34", "-9"))]);
        home.run(&["check", "plan.toml"])
    };
    check("").gives(3).complains(&["`-9` is not an age"]);
    let words = ["2 residents in 1 areas", "2 rows of the file of residents were left out by `where`"];
    check("where = { area = [\"b\"] }").gives(0).says(&words);
    check("missing = { age = [-9] }").gives(0).says(&["`age` is not given in 1 of 4 rows: 30-44 is assumed"]);
    check("missing = { agee = [-9] }").gives(3).complains(&["there is no column `agee`; the nearest is `age`"]);
    check("where = { area = [\"c\"] }").gives(3).complains(&["no row has `c` here", "did you mean `a`?"]);
}

#[test]
fn a_scenario_with_filters_is_written_and_read() {
    let home = list("where = { relation = [\"kin\"], year = [1, 2] }\noutside = \"drop\"");
    let scenario = scenario::load(&home.path("plan.toml"), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    home.write("again.toml", scenario.to_toml(|path| path.display().to_string()));
    let again = scenario::load(&home.path("again.toml"), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(again.network == scenario.network && again.population == scenario.population);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn nothing_near_a_graph_makes_it_panic(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
        bytes in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        // Parts of a sound file, put together anew, with some bytes between.
        let mut graph = Vec::new();
        for (start, end) in cuts {
            let (start, end) = (start.index(GRAPH.len()), end.index(GRAPH.len()));
            graph.extend_from_slice(&GRAPH.as_bytes()[start.min(end)..start.max(end)]);
            graph.extend_from_slice(&bytes);
        }
        let home = home(MAPPED, "");
        home.write("graph.xml", &graph);
        if let Err(problems) = read(&home) {
            prop_assert!(!problems.is_empty() && !problems.to_string().is_empty());
        }
    }
}
