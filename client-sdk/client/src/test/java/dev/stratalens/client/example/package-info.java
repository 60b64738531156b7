/** Programs that the documentation shows. */
package dev.stratalens.client.example;
