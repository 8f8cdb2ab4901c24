//! The numbers of the model: symbol, key, default, range, unit, source and meaning, each said once.
//!
//! The table below is the only place where a parameter is described. The defaults, the checks of a scenario file, the
//! JSON Schema, `docs/parameters.md` and the dictionary of a run folder are all made from it. Symbols are those of
//! `docs/model.md`.

use super::field::section;
use super::{AcceptanceRule, BondRule, Profile};

section! {
    /// The numbers of the model; section `[model]` of a scenario file.
    pub struct Parameters in "model" {
        // --- choices of rule -------------------------------------------------------------------------------------
        /// The set of defaults that the other keys depart from.
        profile "profile": Profile = Profile::FaceToFace2008, any, "", "Citizenship Survey 2008-09, face to face";
        /// How acceptance is formed: `logistic` from the traits, `threshold` on the share of engaged ties, or `always`.
        acceptance "acceptance": AcceptanceRule = AcceptanceRule::Logistic, any, "", "assumption: the other two are limits with known answers";
        /// How an idle tie changes: `critical` (past the critical strength it lives on) or `decay` (it always fades).
        bond_rule "bond_rule": BondRule = BondRule::Critical, any, "", "assumption: `decay` is the limit without a critical strength";

        // --- invitations -----------------------------------------------------------------------------------------
        /// Spontaneous invitations, multiplied by the exponential of the area's issue salience (σ).
        sigma "spontaneous_invitations": f32 = 0.00325, 0.0..=1000.0, "invitations a week per service known", "assumption: .0065 in a trial with one service for each resident, divided by the two that a resident of Haringey can know of";
        /// Invitations by the service itself (α).
        alpha "service_invitations": f32 = 0.00325, 0.0..=1000.0, "invitations a week per service known", "assumption: .0065 in a trial with one service for each resident, divided by the two that a resident of Haringey can know of";
        /// Invitations by an engaged friend (λ).
        lambda "tie_invitations": f32 = 0.0052, 0.0..=100.0, "invitations a week per unit of strength of an engaged tie", "assumption: start value from a trial of the equations, set there for: entries through a friend about 62 %";
        /// Invitations that one contact at the door is worth; other channels in proportion.
        a_door "contact_door": f32 = 0.30, 0.0..=5.0, "invitations a contact", "assumption: start value from a trial of the equations, set there so that 100 contacts of people who are not engaged bring about two joiners";
        /// Offers of being consulted (κ_c).
        kappa_c "consultation_offers": f32 = 0.04, 0.0..=5.0, "offers a week", "assumption: about two a year";
        /// Invitations to step up from involved to collaborating, at load 1 (i_3).
        i_3 "step_up_invitations": f32 = 0.03, 0.0..=5.0, "invitations a week", "assumption: start value from a trial of the equations, set there for: share collaborating about .075";

        // --- acceptance ------------------------------------------------------------------------------------------
        /// Acceptance of being consulted, at average traits (θ_1).
        theta_1 "accept_consulted": f32 = -2.15, -20.0..=20.0, "logits", "assumption: start value from a trial of the equations, set there for: a fifth consulted in a year";
        /// Acceptance of becoming involved, at average traits (θ_2).
        theta_2 "accept_involved": f32 = -2.65, -20.0..=20.0, "logits", "assumption: start value from a trial of the equations, set there for: a quarter engaged";
        /// Acceptance of becoming a collaborator, at average traits (θ_3).
        theta_3 "accept_collaborating": f32 = -3.75, -20.0..=20.0, "logits", "assumption: start value from a trial of the equations, set there for: share collaborating about .075";
        /// Weight of capability in acceptance: Can (b_K).
        b_k "accept_capability": f32 = 1.7, -20.0..=20.0, "logits per unit", "assumption: start value from a trial of the equations, set there for: engaged share of the higher class about 1.8 times that of the routine class";
        /// Weight of belonging in acceptance: Like (b_B).
        b_b "accept_belonging": f32 = 1.5, -20.0..=20.0, "logits per unit", "assumption: sign from the case study of libraries and a refuge";
        /// Weight of the relationship with the service in acceptance: Like (b_Q).
        b_q "accept_relationship": f32 = 1.0, -20.0..=20.0, "logits per unit", "assumption: sign from the case study, relationships mediate";
        /// Weight of perceived influence in acceptance: Responded (b_R).
        b_r "accept_influence": f32 = 2.0, -20.0..=20.0, "logits per unit", "assumption: sign from the New Deal for Communities evaluation as quoted by ippr and PwC (2010)";
        /// Weight of time available in acceptance: Can (b_T).
        b_t "accept_time": f32 = 1.3, -20.0..=20.0, "logits per unit", "assumption: start value from a trial of the equations, set there for: engaged share of those 65 and over about 1.9 times that of ages 30-44";
        /// Weight of fatigue against acceptance (b_F).
        b_f "accept_fatigue": f32 = 2.5, -20.0..=20.0, "logits per unit", "assumption";
        /// Weight of distance to the service against acceptance, up to 5 km: Enabled (b_D).
        b_d "accept_distance": f32 = 0.3, -20.0..=20.0, "logits per kilometre", "assumption";
        /// Weight of each engaged tie, up to three, in acceptance: endorsement (b_X).
        b_x "accept_endorsement": f32 = 0.0, -20.0..=20.0, "logits per engaged tie", "Banerjee, Chandrasekhar, Duflo and Jackson (2013): once informed, friends' choice adds nothing";
        /// Share of engaged ties from which a resident joins, under the rule `threshold` (mean over residents, φ).
        phi "threshold_mean": f32 = 0.18, 0.0..=1.0, "share of ties", "Watts (2002): value of his main figure";
        /// Spread of that threshold over residents (standard deviation of a normal).
        phi_sd "threshold_spread": f32 = 0.0, 0.0..=1.0, "share of ties", "assumption: the same for all";

        // --- leaving ---------------------------------------------------------------------------------------------
        /// Rate of leaving of the involved, at average traits (μ_2).
        mu_2 "exit_involved": f32 = 0.0120, 0.0..=5.0, "per week", "assumption: start value from a trial of the equations, set there for: 23 % leave in a year";
        /// Rate of leaving of the collaborating, at average traits (μ_3).
        mu_3 "exit_collaborating": f32 = 0.0097, 0.0..=5.0, "per week", "assumption: start value from a trial of the equations, set there for: 23 % leave in a year";
        /// How fatigue raises leaving (m_F).
        m_f "exit_fatigue": f32 = 1.5, -20.0..=20.0, "log rate per unit", "assumption";
        /// How the relationship with the service lowers leaving (m_Q).
        m_q "exit_relationship": f32 = 1.0, -20.0..=20.0, "log rate per unit", "assumption";
        /// How strength of ties with engaged people, up to 3, lowers leaving (m_L).
        m_l "exit_bonds": f32 = 0.8, -20.0..=20.0, "log rate per 3 units of strength", "assumption";
        /// How perceived influence lowers leaving (m_R).
        m_r "exit_influence": f32 = 1.5, -20.0..=20.0, "log rate per unit", "assumption";

        // --- hours -----------------------------------------------------------------------------------------------
        /// Hours given by an involved resident (h_2).
        h_2 "hours_involved": f32 = 1.0, 0.0..=80.0, "hours a week", "assumption, with the median of 8 hours a month among volunteers (NCVO, Time Well Spent) between it and the next";
        /// Mean hours given by a collaborating resident (h_3).
        h_3 "hours_collaborating": f32 = 6.0, 0.0..=80.0, "hours a week", "assumption";
        /// Spread of hours over residents: standard deviation of the logarithm of a person's own factor, of mean 1.
        h_3_spread "hours_spread": f32 = 1.0, 0.0..=3.0, "log units", "assumption, so that a small core gives most hours (Citizenship Survey 2007-10)";
        /// Hours that somebody who does not take part helps out here and there (h_0).
        h_0 "hours_aside": f32 = 0.1, 0.0..=80.0, "hours a week", "assumption";
        /// Hours of one consultation (h_1).
        h_1 "hours_consulted": f32 = 4.0, 0.0..=80.0, "hours", "assumption";

        // --- ties ------------------------------------------------------------------------------------------------
        /// Half-life of a fading tie (t_half); as strengths are kept in 1/65,536, from 100,000 weeks on none fades.
        t_half "tie_half_life": f32 = 26.0, 1.0..=1000000.0, "weeks", "assumption: sweep 13 to 52";
        /// Strength past which an idle tie lives on (w-); the strength at which it settles is one minus this.
        w_minus "tie_critical": f32 = 0.30, 0.01..=0.49, "strength", "assumption: sweep .2 to .4";
        /// What one meeting adds to a tie, as a share of what is missing (Γ).
        gamma "tie_gain": f32 = 0.012, 0.0..=1.0, "per meeting", "assumption, so that a new pair in a group of 5 passes w- after 33 weeks, 50 hours (Hall 2018: 40 to 60 hours to a casual friend)";
        /// Strength below which a tie ends (w_min).
        w_min "tie_least": f32 = 0.03, 0.0..=0.5, "strength", "assumption";
        /// Strength at birth of a tie made in a service.
        w0_made "tie_start_made": f32 = 0.10, 0.0..=1.0, "strength", "assumption";
        /// Strength at birth of a tie between neighbours.
        w0_neighbour "tie_start_neighbour": f32 = 0.08, 0.0..=1.0, "strength", "assumption";
        /// Contacts of their own of a lasting tie: kin, old friends, colleagues (f_L).
        f_l "contact_lasting": f32 = 0.5, 0.0..=1.0, "contacts a week", "assumption";
        /// Contacts of their own of two neighbours (f_N).
        f_n "contact_neighbour": f32 = 0.11, 0.0..=1.0, "contacts a week", "assumption";
        /// Rate at which a lasting tie ends from outside: moves, life events.
        churn_lasting "churn_lasting": f32 = 0.0007, 0.0..=1.0, "per week", "Roy and others (2022): 1 to 4 % of the inner circle change in a year";
        /// The same for other ties.
        churn_other "churn_other": f32 = 0.0017, 0.0..=1.0, "per week", "assumption: 8.5 % a year, as not all ties end when people move (9.5 % of residents of England and Wales and 11.8 % of Haringey did in a year, Census 2021)";
        /// Proposals to a friend's friend (p_tri).
        p_tri "propose_closure": f32 = 0.005, 0.0..=1.0, "per week", "assumption: fitted to degree and transitivity";
        /// Proposals to a random resident of the area (p_loc), scaled by twice the time available.
        p_loc "propose_local": f32 = 0.004, 0.0..=1.0, "per week", "assumption: fitted to degree and transitivity";
        /// Acceptance of a proposal across classes, against 1 within (hom_c).
        hom_c "homophily_class": f32 = 0.55, 0.0..=1.0, "share", "assumption";
        /// Acceptance of a proposal across ethnic groups, against 1 within (hom_g).
        hom_g "homophily_group": f32 = 0.5, 0.0..=1.0, "share", "assumption";
        /// Ties at which a resident accepts no more (k_max).
        k_max "ties_most": f32 = 30.0, 1.0..=100000.0, "ties", "assumption; capacity is finite (Miritello and others 2013)";
        /// Partners with whom a member of a group exchanges in a weekly meeting (m).
        partners "meeting_partners": u32 = 2, 0..=16, "residents", "assumption";
        /// Residents in a standing group of a service.
        group_size "group_size": u32 = 5, 2..=16, "residents", "assumption: try 4 to 12";

        // --- awareness -------------------------------------------------------------------------------------------
        /// Awareness gained from publicity (κ_pub).
        kappa_pub "publicity": f32 = 0.014, 0.0..=5.0, "per week", "assumption: start value from a trial of the equations, set there for: 70 % aware of a local public service";
        /// Awareness gained from gossip, per unit of strength to people who know (κ_gos).
        kappa_gos "gossip": f32 = 0.004, 0.0..=5.0, "per week and unit of strength", "assumption: start value from a trial of the equations, set there for: 70 % aware of a local public service";
        /// Rate of forgetting a service one does not take part in.
        forget "forgetting": f32 = 0.009615384615384616, 0.0..=1.0, "per week", "assumption: 1/104, two years";
        /// Share of attention to publicity that depends on belonging (a_0).
        a_0 "attention_belonging": f32 = 0.7, 0.0..=1.0, "share", "assumption: start value from a trial of the equations, set there for: 70 % aware of a local public service";

        // --- slow states -----------------------------------------------------------------------------------------
        /// Capability gained while collaborating; .4 of it while involved (g_K).
        g_k "capability_gain": f32 = 0.002, 0.0..=1.0, "per week", "assumption";
        /// Return of capability to where it began (d_K).
        d_k "capability_return": f32 = 0.006, 0.0..=1.0, "per week", "assumption";
        /// Fatigue gained by a collaborator at load 1; a quarter of it by the involved (φ_F).
        phi_f "fatigue_gain": f32 = 0.03, 0.0..=1.0, "per week", "assumption: a volunteer at load 1 settles at .30";
        /// Recovery from fatigue (ρ_F).
        rho_f "fatigue_recovery": f32 = 0.10, 0.0..=1.0, "per week", "assumption";
        /// Growth of the relationship with a service while engaged; half of it for two-way consultation (G_q).
        g_q "relationship_gain": f32 = 0.05, 0.0..=1.0, "per week", "assumption";
        /// Fading of the relationship (d_q).
        d_q "relationship_fading": f32 = 0.013329753472307598, 0.0..=1.0, "per week", "assumption: ln 2 / 52, a half-life of a year";
        /// Speed of belonging (e_B).
        e_b "belonging_speed": f32 = 0.02, 0.0..=1.0, "per week", "assumption: start value from a trial of the equations, set there for: .70 to .75 belong";
        /// Belonging: constant (B_0).
        b_0 "belonging_base": f32 = -0.70, -20.0..=20.0, "logits", "assumption: start value from a trial of the equations, set there for: .70 to .75 belong";
        /// Spread over residents of a term of their own in belonging: standard deviation of a normal of mean 0 (B_sd).
        b_sd "belonging_spread": f32 = 0.8, 0.0..=10.0, "logits", "assumption: people in like circumstances differ in how far they feel they belong";
        /// Belonging: weight of social capital, the sum of tie strengths up to 12 (B_w).
        b_w "belonging_ties": f32 = 0.28, -20.0..=20.0, "logits per unit of strength", "assumption: start value from a trial of the equations, set there for: .70 to .75 belong";
        /// Belonging: weight of being engaged (B_E).
        b_e "belonging_engaged": f32 = 0.7, -20.0..=20.0, "logits", "assumption: start value from a trial of the equations, set there for: .70 to .75 belong";
        /// Belonging: weight of time available (B_tau).
        b_tau "belonging_time": f32 = 0.3, -20.0..=20.0, "logits per unit", "assumption: start value from a trial of the equations, set there for: .70 to .75 belong";
        /// Weight of a good surprise on perceived influence (e_p).
        e_p "influence_gain": f32 = 0.10, 0.0..=1.0, "share of the surprise", "assumption";
        /// Weight of a disappointment on perceived influence (e_m).
        e_m "influence_loss": f32 = 0.20, 0.0..=1.0, "share of the disappointment", "assumption: losses weigh twice as much";
        /// Fall of influence of one who does not take part, while a raised expectation stays unanswered (e_0).
        e_0 "influence_silence": f32 = 0.004, 0.0..=1.0, "per week and unit of expectation", "assumption";
        /// Fall of influence on leaving, by the expectation that was raised (r_X).
        r_x "influence_lapse": f32 = 0.3, 0.0..=1.0, "per unit of expectation", "assumption; sign from the New Deal for Communities evaluation as quoted by ippr and PwC (2010): lapsed involvement does harm";
        /// Return of influence to where it began (r_R).
        r_r "influence_return": f32 = 0.00641025641025641, 0.0..=1.0, "per week", "assumption: 1/156, three years";
        /// Chance that a waiting input is answered in a week, if the authority had hours for all (fb_0).
        fb_0 "feedback": f32 = 0.05, 0.0..=1.0, "per week", "assumption";
        /// Spread of the answers that people perceive (standard deviation of a normal).
        y_noise "response_noise": f32 = 0.15, 0.0..=1.0, "share", "assumption";
        /// The response of the authority to what people say (Y_a), until it is worked out from officers' hours.
        y_a "authority_response": f32 = 0.61, 0.0..=1.0, "share", "assumption: openness .70 x coordination .90 x (1 - .3 x .1)";
        /// Share of waiting inputs that officers have hours for (η), until it is worked out from those hours.
        eta "authority_handled": f32 = 0.95, 0.0..=1.0, "share", "assumption";
        /// Extra weight that officials give to capable people (γ_K).
        gamma_k "good_engager_bias": f32 = 0.25, 0.0..=2.0, "response per unit of capability", "assumption; sign from the Haringey study of officials (Ray and others)";
        /// Factor on the expectation that taking part raises.
        promise "promise": f32 = 1.0, 0.0..=5.0, "factor", "assumption";
        /// Expectation raised by being consulted.
        x_1 "promise_consulted": f32 = 0.2, 0.0..=1.0, "share", "assumption";
        /// Expectation raised by being involved.
        x_2 "promise_involved": f32 = 0.4, 0.0..=1.0, "share", "assumption";
        /// Expectation raised by collaborating.
        x_3 "promise_collaborating": f32 = 0.5, 0.0..=1.0, "share", "assumption";
        /// Fading of a raised expectation once one does not take part.
        x_fading "promise_fading": f32 = 0.038461538461538464, 0.0..=1.0, "per week", "assumption: 1/26, half a year";
        /// Fading of issue salience in an area.
        s_fading "salience_fading": f32 = 0.125, 0.0..=5.0, "per week", "assumption: a time constant of 8 weeks";

        // --- services --------------------------------------------------------------------------------------------
        /// Required hours that one volunteer hour covers (eff).
        eff "volunteer_effectiveness": f32 = 0.25, 0.0..=5.0, "required hours per volunteer hour", "assumption";
        /// Growth of the relationship that the style of a service gives, against 1 (ψ).
        psi "style": f32 = 1.0, 0.0..=5.0, "factor", "assumption";
        /// Least share of full hours to which a service shrinks (W_low).
        w_low "hours_least": f32 = 0.25, 0.0..=1.0, "share of full hours", "assumption, without source: report how far results depend on it";
        /// Weekly shrinking of hours under overload; a quarter of it is the speed of growing back.
        shrink "hours_shrink": f32 = 0.03, 0.0..=1.0, "per week", "assumption, without source: report how far results depend on it";
        /// Share of full hours covered, below which a service is in danger of closing.
        close_share "close_share": f32 = 0.175, 0.0..=1.0, "share of full hours", "assumption, without source: report how far results depend on it";
        /// Whether a closed service opens again once its staff alone have covered that share for as many weeks as it took to close.
        reopens "services_reopen": bool = false, any, "", "assumption; `true` is a variant";
        /// Members at which services take nobody more, as a share of the residents who have them near; 0 for no end.
        places "service_places": f32 = 0.0, 0.0..=1.0, "share of residents", "assumption; above 0 with `acceptance = \"always\"` is a variant";
        /// Weeks on end below that share after which it closes.
        close_weeks "close_weeks": u32 = 13, 1..=5200, "weeks", "assumption, without source: report how far results depend on it";

        // --- start of the spin-up --------------------------------------------------------------------------------
        /// Share involved at the start of the spin-up.
        start_involved "start_involved": f32 = 0.18, 0.0..=1.0, "share", "assumption: the level that is expected, so that the spin-up has little way to go";
        /// Share collaborating at the start of the spin-up.
        start_collaborating "start_collaborating": f32 = 0.075, 0.0..=1.0, "share", "assumption: the level that is expected, so that the spin-up has little way to go";
        /// Chance of knowing each candidate service at the start of the spin-up.
        start_aware "start_aware": f32 = 0.65, 0.0..=1.0, "share", "assumption: the level that is expected, so that the spin-up has little way to go";
        /// Belonging at the start of the spin-up.
        start_belonging "start_belonging": f32 = 0.55, 0.0..=1.0, "share", "assumption: the level that is expected, so that the spin-up has little way to go";
        /// Chance that two of a group know each other already at the start of the spin-up.
        start_bonds "start_bonds": f32 = 1.0, 0.0..=1.0, "share", "assumption: so that the spin-up has little way to go";
        /// Relationship with their service of those engaged at the start of the spin-up.
        start_relationship "start_relationship": f32 = 0.5, 0.0..=1.0, "share", "assumption";

        // --- people ----------------------------------------------------------------------------------------------
        /// Capability at the start, higher class: mean.
        k0_higher "capability_higher": f32 = 0.62, 0.0..=1.0, "share", "assumption";
        /// Capability at the start, intermediate class: mean.
        k0_intermediate "capability_intermediate": f32 = 0.50, 0.0..=1.0, "share", "assumption";
        /// Capability at the start, routine class: mean.
        k0_routine "capability_routine": f32 = 0.40, 0.0..=1.0, "share", "assumption";
        /// Capability at the start: standard deviation within a class.
        k0_spread "capability_spread": f32 = 0.14, 0.0..=1.0, "share", "assumption";
        /// Capability lost for each deprivation decile of the area below the fifth, gained above.
        k0_decile "capability_decile": f32 = 0.008, 0.0..=0.2, "share per decile", "assumption";
        /// Perceived influence at the start, higher class: mean.
        r0_higher "influence_higher": f32 = 0.50, 0.0..=1.0, "share", "assumption: start value from a trial of the equations, set there for: feel able to influence 2 : 1, higher against routine (Citizenship Survey 2007-08)";
        /// Perceived influence at the start, intermediate class: mean.
        r0_intermediate "influence_intermediate": f32 = 0.465, 0.0..=1.0, "share", "assumption: as for the higher class";
        /// Perceived influence at the start, routine class: mean.
        r0_routine "influence_routine": f32 = 0.42, 0.0..=1.0, "share", "assumption: as for the higher class";
        /// Perceived influence at the start: standard deviation within a class.
        r0_spread "influence_spread": f32 = 0.13, 0.0..=1.0, "share", "assumption: as for the higher class";
        /// Time available of those who work full time, up to 48 hours.
        tau_full "time_full_time": f32 = 0.35, 0.0..=1.0, "share", "assumption";
        /// Time available of those who work 49 hours or more.
        tau_long "time_long_hours": f32 = 0.15, 0.0..=1.0, "share", "assumption";
        /// Time available of those who work part time.
        tau_part "time_part_time": f32 = 0.60, 0.0..=1.0, "share", "assumption";
        /// Time available of those under 65 who do not work.
        tau_none "time_not_employed": f32 = 0.65, 0.0..=1.0, "share", "assumption";
        /// Time available of those 65 and over.
        tau_65 "time_65_plus": f32 = 0.95, 0.0..=1.0, "share", "assumption";
        /// Time lost by those who commute by tube or train.
        tau_commute "time_commuting": f32 = 0.10, 0.0..=1.0, "share", "assumption";
    }
}
