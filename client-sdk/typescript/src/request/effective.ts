import { NumberForm, Site, type Lens } from '../generated/stratalens/v1/lens_pb.js';
import type { AnalyzeRequest } from '../generated/stratalens/v1/lens_service_pb.js';
import { SITES } from '../result/read-point.js';
import { lensMessage } from './request.js';

/** The lenses that answer a request. */
export function lensesOf(request: AnalyzeRequest): readonly Lens[] {
  return request.lenses.length === 0 ? [lensMessage('logit')] : request.lenses;
}

/** The sites that are read. */
export function sitesOf(request: AnalyzeRequest): readonly Site[] {
  if (request.allSites) return Object.values(SITES);
  return request.sites.length === 0 ? [Site.BLOCK_OUTPUT] : request.sites;
}

/** Predictions per cell. */
export function topKOf(request: AnalyzeRequest): number {
  return request.topK ?? 5;
}

/** How numbers travel. */
export function numberFormOf(request: AnalyzeRequest): NumberForm {
  return request.numberForm === NumberForm.UNSPECIFIED ? NumberForm.COMPACT : request.numberForm;
}
