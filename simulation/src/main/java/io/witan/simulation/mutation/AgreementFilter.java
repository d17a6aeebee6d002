package io.witan.simulation.mutation;

import io.witan.simulation.trace.DelegatingAgreement;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;

import java.util.ArrayList;
import java.util.List;

/// A machine with a defect: overrides what it spoils.
class AgreementFilter extends DelegatingAgreement {

    AgreementFilter(Agreement inner) {
        super(inner);
    }

    /// What becomes of an effect: added to `out`, or not, or something else instead. Events that
    /// are given to [#inner] meanwhile have their effects carried out behind.
    void effect(Effect effect, List<Effect> out) {
        out.add(effect);
    }

    /// After the effects of a step; may add more.
    void stepped(List<Effect> out) {}

    final boolean isLeading() {
        return inner.view().state() == AgreementView.State.LEADING;
    }

    @Override
    public final List<Effect> takeEffects() {
        List<Effect> out = new ArrayList<>();
        List<Effect> effects = inner.takeEffects();
        while (!effects.isEmpty()) {
            for (Effect effect : effects) {
                effect(effect, out);
            }
            effects = inner.takeEffects();
        }
        stepped(out);
        return out;
    }
}
