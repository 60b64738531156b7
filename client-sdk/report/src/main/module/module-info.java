/** Results as files, figures and pages, and analyses over them. */
module dev.stratalens.report {
    requires transitive com.google.gson;
    requires transitive dev.stratalens.client;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.stratalens.report.analysis;
    exports dev.stratalens.report.comparison;
    exports dev.stratalens.report.figure;
    exports dev.stratalens.report.file;
    exports dev.stratalens.report.page;
    exports dev.stratalens.report.prompts;
}
