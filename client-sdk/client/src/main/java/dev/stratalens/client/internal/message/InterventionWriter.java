package dev.stratalens.client.internal.message;

import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.Direction;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.PromptRows;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.v1.AddDirection;
import dev.stratalens.v1.GeneratedTokens;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.KlFromUnchanged;
import dev.stratalens.v1.LogitDifference;
import dev.stratalens.v1.ProjectOut;
import dev.stratalens.v1.PromptDifference;
import dev.stratalens.v1.ReplaceFrom;
import dev.stratalens.v1.ScaleRow;
import dev.stratalens.v1.SetRow;
import dev.stratalens.v1.SkipBlock;
import dev.stratalens.v1.StreamDirection;
import dev.stratalens.v1.StreamVector;
import dev.stratalens.v1.SwapDirections;
import dev.stratalens.v1.TokenDirection;
import dev.stratalens.v1.ZeroRow;

/**
 * From the SDK's interventions to the wire's.
 *
 * @param specialTokens of the texts of source prompts
 */
record InterventionWriter(SpecialTokens specialTokens) {

    dev.stratalens.v1.Intervention write(Intervention intervention) {
        var wire = dev.stratalens.v1.Intervention.newBuilder().setRows(rows(intervention.rows()));
        Operation operation = intervention.operation();
        if (operation instanceof Operation.ReplaceFrom replace) {
            wire.setReplaceFrom(replace(replace));
        } else if (operation instanceof Operation.Add add) {
            wire.setAdd(add(add));
        } else if (operation instanceof Operation.ProjectOut project) {
            wire.setProjectOut(ProjectOut.newBuilder().setDirection(direction(project.direction())));
        } else if (operation instanceof Operation.Swap swap) {
            wire.setSwap(
                    SwapDirections.newBuilder().setFrom(direction(swap.from())).setTo(direction(swap.to())));
        } else if (operation instanceof Operation.SetZero) {
            wire.setSet(SetRow.newBuilder().setZero(ZeroRow.getDefaultInstance()));
        } else if (operation instanceof Operation.SetMean mean) {
            wire.setSet(SetRow.newBuilder().setMean(rows(mean.rows())));
        } else if (operation instanceof Operation.SetVector vector) {
            wire.setSet(SetRow.newBuilder().setVector(StreamVector.newBuilder().addAllValues(vector.values())));
        } else if (operation instanceof Operation.Scale scale) {
            wire.setScale(ScaleRow.newBuilder().setFactor((float) scale.factor()));
        } else if (operation instanceof Operation.SkipBlock) {
            wire.setSkipBlock(SkipBlock.getDefaultInstance());
        }
        return wire.build();
    }

    static dev.stratalens.v1.Metric write(Metric metric) {
        var wire = dev.stratalens.v1.Metric.newBuilder();
        if (metric.kind() instanceof Metric.Logit logit) {
            wire.setLogit(RequestWriter.write(logit.token()));
        } else if (metric.kind() instanceof Metric.LogProbability probability) {
            wire.setLogProbability(RequestWriter.write(probability.token()));
        } else if (metric.kind() instanceof Metric.LogitDifference difference) {
            wire.setLogitDifference(LogitDifference.newBuilder()
                    .setToken(RequestWriter.write(difference.token()))
                    .setOther(RequestWriter.write(difference.other())));
        } else if (metric.kind() instanceof Metric.KlFromUnchanged) {
            wire.setKlFromUnchanged(KlFromUnchanged.getDefaultInstance());
        }
        metric.position().ifPresent(wire::setPosition);
        return wire.build();
    }

    private static InterventionRows rows(ChangedRows rows) {
        InterventionRows.Builder wire = InterventionRows.newBuilder()
                .setSite(rows.site().map(RequestWriter::write).orElse(dev.stratalens.v1.Site.SITE_ATTENTION_HEADS))
                .setSkipFirstToken(rows.skipsFirstToken())
                .setGenerated(
                        switch (rows.generated()) {
                            case NONE -> GeneratedTokens.GENERATED_TOKENS_UNSPECIFIED;
                            case ALSO -> GeneratedTokens.GENERATED_TOKENS_ALSO;
                            case ONLY -> GeneratedTokens.GENERATED_TOKENS_ONLY;
                        });
        rows.layers().forEach(range -> wire.addLayers(RequestWriter.write(range)));
        rows.positions().forEach(range -> wire.addPositions(RequestWriter.write(range)));
        rows.heads().forEach(range -> wire.addHeads(RequestWriter.write(range)));
        return wire.build();
    }

    private ReplaceFrom replace(Operation.ReplaceFrom replace) {
        ReplaceFrom.Builder wire = ReplaceFrom.newBuilder();
        replace.source().ifPresent(source -> wire.setSource(RequestWriter.prompt(source, specialTokens)));
        replace.layer().ifPresent(wire::setLayer);
        replace.positions().forEach(range -> wire.addPositions(RequestWriter.write(range)));
        return wire.build();
    }

    private AddDirection add(Operation.Add add) {
        AddDirection.Builder wire = AddDirection.newBuilder().setDirection(direction(add.direction()));
        if (add.byLength()) {
            wire.setShareOfLength((float) add.coefficient());
        } else {
            wire.setFactor((float) add.coefficient());
        }
        add.largestShare().ifPresent(share -> wire.setLargestShare((float) share));
        return wire.build();
    }

    private StreamDirection direction(Direction direction) {
        StreamDirection.Builder wire = StreamDirection.newBuilder();
        if (direction instanceof Direction.OfToken token) {
            TokenDirection.Builder ofToken = TokenDirection.newBuilder().setToken(RequestWriter.write(token.token()));
            token.lens().ifPresent(ofToken::setLens);
            wire.setToken(ofToken);
        } else if (direction instanceof Direction.Vector vector) {
            wire.setVector(StreamVector.newBuilder().addAllValues(vector.values()));
        } else if (direction instanceof Direction.Difference difference) {
            wire.setDifference(
                    PromptDifference.newBuilder().setTo(rows(difference.to())).setFrom(rows(difference.from())));
        }
        return wire.build();
    }

    private dev.stratalens.v1.PromptRows rows(PromptRows rows) {
        var wire = dev.stratalens.v1.PromptRows.newBuilder();
        rows.prompts().forEach(prompt -> wire.addPrompts(RequestWriter.prompt(prompt, specialTokens)));
        rows.positions().forEach(range -> wire.addPositions(RequestWriter.write(range)));
        return wire.build();
    }
}
