package stratalens

import (
	"cmp"
	"fmt"
	"strings"

	v1 "stratalens.dev/go/stratalensv1"
)

// ReadPoint is a place in the model where a lens reads. The embedding is in block 0.
type ReadPoint struct {
	Block int
	Site  v1.Site
}

// LayerPoint is the read point of a layer: the output of a block, or for -1 the embedding.
func LayerPoint(layer int) ReadPoint {
	if layer < 0 {
		return ReadPoint{Site: Embedding}
	}
	return ReadPoint{Block: layer, Site: BlockOutput}
}

// IsLayer says whether it is the embedding or the output of a block. Others are inside a block.
func (p ReadPoint) IsLayer() bool {
	return p.Site == Embedding || p.Site == BlockOutput
}

// Layer is the number of the layer, or of the block that it is in; -1 for the embedding.
func (p ReadPoint) Layer() int {
	if p.Site == Embedding {
		return -1
	}
	return p.Block
}

// Compare orders read points by depth.
func (p ReadPoint) Compare(other ReadPoint) int {
	return cmp.Or(cmp.Compare(p.Block, other.Block), cmp.Compare(p.Site, other.Site))
}

func (p ReadPoint) String() string {
	switch p.Site {
	case Embedding:
		return "embedding"
	case BlockOutput:
		return fmt.Sprintf("layer %d", p.Block)
	default:
		name := strings.ToLower(strings.TrimPrefix(p.Site.String(), "SITE_"))
		return fmt.Sprintf("%s of block %d", strings.ReplaceAll(name, "_", " "), p.Block)
	}
}
