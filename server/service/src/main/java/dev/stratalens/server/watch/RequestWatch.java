package dev.stratalens.server.watch;

/** Is told of each request when it ends. Must neither wait nor throw. */
public interface RequestWatch {

    void ended(RequestFacts facts);
}
